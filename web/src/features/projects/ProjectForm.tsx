import { useId, type FormEvent } from 'react'
import type { ProjectCreate, ProjectOut } from '@/api/generated'
import { Button } from '@/components/Button'
import { Dialog } from '@/components/Dialog'
import { ErrorLine } from '@/components/ErrorState'
import { Input, TextArea } from '@/components/Field'
import { text } from './text'

type Props = {
  title: string
  verb: string
  /** What stands in the fields at first; a new project has nothing yet. */
  project?: Pick<ProjectOut, 'name' | 'description'>
  isBusy: boolean
  error: unknown
  onSubmit: (project: Required<ProjectCreate>) => void
  onClose: () => void
}

/** Name and description of a project, new or known. */
export function ProjectForm({ title, verb, project, isBusy, error, onSubmit, onClose }: Props) {
  const formId = useId()
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    onSubmit({ name: String(form.get('name')).trim(), description: String(form.get('description') ?? '') })
  }
  return (
    <Dialog
      isOpen
      size="small"
      title={title}
      onClose={onClose}
      footer={
        <>
          <Button tone="quiet" onClick={onClose}>
            {text.cancel}
          </Button>
          <Button type="submit" form={formId} tone="primary" isBusy={isBusy}>
            {verb}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} className="flex flex-col gap-4">
        <Input label={text.name} name="name" required maxLength={120} placeholder={text.namePlaceholder} defaultValue={project?.name} />
        <TextArea label={text.description} name="description" maxLength={2000} hint={text.descriptionHint} defaultValue={project?.description} />
        <ErrorLine error={error} />
      </form>
    </Dialog>
  )
}
