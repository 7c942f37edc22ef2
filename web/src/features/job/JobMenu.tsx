import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Ellipsis, GitCompareArrows, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useNavigate } from 'react-router'

import type { JobOut } from '@/api/generated'
import { deleteJob } from '@/api/jobs'
import { IconButton } from '@/components/Button'
import { ConfirmDialog } from '@/components/ConfirmDialog'
import { Menu } from '@/components/Menu'
import { showToast } from '@/components/toast'

import { text } from './text'

/** What one seldom does with a job that has ended. */
export function JobMenu({ job }: { job: JobOut }) {
  const navigate = useNavigate()
  const queries = useQueryClient()
  const [isAsking, setIsAsking] = useState(false)
  const remove = useMutation({
    mutationFn: () => deleteJob(job.id),
    onSuccess: () => {
      showToast(text.deleted(job.name))
      void navigate(`/projects/${job.project_id}?tab=jobs`)
      queries.removeQueries({ queryKey: ['job', job.id] })
      void queries.invalidateQueries({ queryKey: ['project', job.project_id] })
      void queries.invalidateQueries({ queryKey: ['overview'] })
    },
  })
  return (
    <>
      <Menu
        label={text.more}
        align="end"
        items={[
          ...(job.status === 'done' ? [{ id: 'compare', label: text.compare, icon: GitCompareArrows, onSelect: () => void navigate(`/jobs/${job.id}/compare`) }] : []),
          { id: 'delete', label: text.deleteJob, icon: Trash2, isDanger: true, onSelect: () => setIsAsking(true) },
        ]}
        trigger={(props) => <IconButton {...props} icon={Ellipsis} label={text.more} className="border border-line-strong" />}
      />
      <ConfirmDialog
        isOpen={isAsking}
        title={text.deleteTitle(job.name)}
        verb={text.deleteJob}
        isBusy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate()}
        onClose={() => setIsAsking(false)}
      >
        {text.deleteHint}
      </ConfirmDialog>
    </>
  )
}
