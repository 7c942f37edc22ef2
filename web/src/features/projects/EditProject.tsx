import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useId, type FormEvent } from 'react'
import type { ProjectChange, ProjectOut } from '@/api/generated'
import { changeProject, projectQuery } from '@/api/projects'
import { Button } from '@/components/Button'
import { Dialog } from '@/components/Dialog'
import { ErrorLine } from '@/components/ErrorState'
import { Input, TextArea } from '@/components/Field'
import { text } from './text'

export function EditProject({ project, onClose }: { project: ProjectOut; onClose: () => void }) {
  const formId = useId()
  const queries = useQueryClient()
  const change = useMutation({
    mutationFn: (body: ProjectChange) => changeProject(project.id, body),
    onSuccess: (changed) => {
      queries.setQueryData(projectQuery(project.id).queryKey, changed)
      void queries.invalidateQueries({ queryKey: ['projects'] })
      onClose()
    },
  })
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    change.mutate({ name: String(form.get('name')).trim(), description: String(form.get('description') ?? '') })
  }
  return (
    <Dialog
      isOpen
      size="small"
      title={text.editProject}
      onClose={onClose}
      footer={
        <>
          <Button tone="quiet" onClick={onClose}>
            {text.cancel}
          </Button>
          <Button type="submit" form={formId} tone="primary" isBusy={change.isPending}>
            {text.save}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} className="flex flex-col gap-4">
        <Input label={text.name} name="name" required maxLength={120} defaultValue={project.name} />
        <TextArea label={text.description} name="description" maxLength={2000} defaultValue={project.description} />
        <ErrorLine error={change.error} />
      </form>
    </Dialog>
  )
}
