import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from 'react-router'
import { createDemoProject, projectQuery } from '@/api/projects'
import { messageOf } from './ErrorState'
import { showToast } from './toast'

/** Make the demo project and lead into it. */
export function useOpenDemo(): { open: () => void; isPending: boolean } {
  const navigate = useNavigate()
  const queries = useQueryClient()
  const { mutate, isPending } = useMutation({
    mutationFn: createDemoProject,
    onSuccess: (project) => {
      queries.setQueryData(projectQuery(project.id).queryKey, project)
      void queries.invalidateQueries({ queryKey: ['projects'] })
      void queries.invalidateQueries({ queryKey: ['overview'] })
      void navigate(`/projects/${project.id}`)
    },
    onError: (error) => showToast(messageOf(error), { tone: 'error' }),
  })
  return { open: () => mutate(), isPending }
}
