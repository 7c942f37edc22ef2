import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from 'react-router'
import { createProject, projectQuery } from '@/api/projects'
import { ProjectForm } from './ProjectForm'
import { text } from './text'

/** Name a project and go there. */
export default function NewProject({ onClose }: { onClose: () => void }) {
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
  return <ProjectForm title={text.newProject} verb={text.create} isBusy={create.isPending} error={create.error} onSubmit={(body) => create.mutate(body)} onClose={onClose} />
}
