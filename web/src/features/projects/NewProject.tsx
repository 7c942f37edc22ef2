import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useId, type FormEvent } from 'react'
import { useNavigate } from 'react-router'
import { createProject, projectQuery } from '@/api/projects'
import { Button } from '@/components/Button'
import { Dialog } from '@/components/Dialog'
import { ErrorLine } from '@/components/ErrorState'
import { Input, TextArea } from '@/components/Field'
import { text } from './text'

/** Name a project and go there. */
export default function NewProject({ onClose }: { onClose: () => void }) {
  const formId = useId()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const create = useMutation({
    mutationFn: createProject,
    onSuccess: (project) => {
      queries.setQueryData(projectQuery(project.id).queryKey, project)
      void queries.invalidateQueries({ queryKey: ['projects'] })
      onClose()
      void navigate(`/projects/${project.id}`)
    },
  })
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    create.mutate({ name: String(form.get('name')).trim(), description: String(form.get('description') ?? '') })
  }
  return (
    <Dialog
      isOpen
      size="small"
      title={text.newProject}
      onClose={onClose}
      footer={
        <>
          <Button tone="quiet" onClick={onClose}>
            {text.cancel}
          </Button>
          <Button type="submit" form={formId} tone="primary" isBusy={create.isPending}>
            {text.create}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} className="flex flex-col gap-4">
        <Input label={text.name} name="name" required maxLength={120} placeholder={text.namePlaceholder} />
        <TextArea label={text.description} name="description" maxLength={2000} hint={text.descriptionHint} />
        <ErrorLine error={create.error} />
      </form>
    </Dialog>
  )
}
