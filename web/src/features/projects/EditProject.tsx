import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { ProjectChange, ProjectOut } from '@/api/generated'
import { changeProject, projectQuery } from '@/api/projects'
import { ProjectForm } from './ProjectForm'
import { text } from './text'

export function EditProject({ project, onClose }: { project: ProjectOut; onClose: () => void }) {
  const queries = useQueryClient()
  const change = useMutation({
    mutationFn: (body: ProjectChange) => changeProject(project.id, body),
    onSuccess: (changed) => {
      queries.setQueryData(projectQuery(project.id).queryKey, changed)
      void queries.invalidateQueries({ queryKey: ['projects'] })
      onClose()
    },
  })
  return (
    <ProjectForm title={text.editProject} verb={text.save} project={project} isBusy={change.isPending} error={change.error} onSubmit={(body) => change.mutate(body)} onClose={onClose} />
  )
}
