import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from 'react-router'

import type { JobOut } from '@/api/generated'
import { cancelJob, changePriority, jobQuery, rerunJob } from '@/api/jobs'
import { messageOf } from '@/components/ErrorState'
import { showToast } from '@/components/toast'

/** Cancel a job, run it again as a new one, or give it another place in the lounge. */
export function useJobActions(job: JobOut) {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const keep = (changed: JobOut) => {
    queries.setQueryData(jobQuery(changed.id).queryKey, changed)
    void queries.invalidateQueries({ queryKey: ['lounge'] })
  }
  const onError = (error: unknown) => void showToast(messageOf(error), { tone: 'error' })
  const cancel = useMutation({ mutationFn: () => cancelJob(job.id), onSuccess: keep, onError })
  const prioritise = useMutation({ mutationFn: (priority: number) => changePriority(job.id, priority), onSuccess: keep, onError })
  const rerun = useMutation({
    mutationFn: () => rerunJob(job.id),
    onSuccess: (fresh) => {
      keep(fresh)
      void navigate(`/jobs/${fresh.id}`)
    },
    onError,
  })
  return { cancel, prioritise, rerun }
}
