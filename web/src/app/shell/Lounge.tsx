import { ChevronsUp, Sofa, X } from 'lucide-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from 'react-router'
import type { JobOut } from '@/api/generated'
import { cancelJob, changePriority, jobQuery, loungeQuery } from '@/api/jobs'
import { useLiveJob } from '@/api/live'
import { IconButton } from '@/components/Button'
import { Dialog } from '@/components/Dialog'
import { EmptyState } from '@/components/EmptyState'
import { ErrorState, messageOf } from '@/components/ErrorState'
import { ProgressBar } from '@/components/ProgressBar'
import { SkeletonRows } from '@/components/Skeleton'
import { showToast } from '@/components/toast'
import { formatDuration, formatShare } from '@/lib/format'
import { wordFor } from '@/lib/vocabulary'
import { text } from '../text'

const PRIORITY_MAX = 9

/** The waiting room: what runs, what waits, in which place and for how long. */
export default function Lounge({ onClose }: { onClose: () => void }) {
  const running = useQuery(loungeQuery('running'))
  const queued = useQuery(loungeQuery('queued'))
  const error = running.error ?? queued.error
  const retry = () => void Promise.all([running.refetch(), queued.refetch()])
  const isEmpty = running.data?.items.length === 0 && queued.data?.items.length === 0
  return (
    <Dialog isOpen title={text.lounge} placement="side" onClose={onClose}>
      {error && !running.data && <ErrorState error={error} onRetry={retry} />}
      {!error && (running.isPending || queued.isPending) && <SkeletonRows rows={4} />}
      {isEmpty && (
        <EmptyState icon={Sofa} title={text.loungeEmpty}>
          {text.loungeEmptyHint}
        </EmptyState>
      )}
      <JobGroup title={text.loungeRunning} jobs={running.data?.items ?? []} onClose={onClose} />
      <JobGroup title={text.loungeWaiting} jobs={queued.data?.items ?? []} onClose={onClose} />
    </Dialog>
  )
}

function JobGroup({ title, jobs, onClose }: { title: string; jobs: readonly JobOut[]; onClose: () => void }) {
  if (jobs.length === 0) return null
  return (
    <section className="mb-6">
      <h3 className="mb-2 text-12 font-medium text-muted">{title}</h3>
      <ul className="flex flex-col gap-2">
        {jobs.map((job) => (
          <LoungeJob key={job.id} listed={job} onClose={onClose} />
        ))}
      </ul>
    </section>
  )
}

function LoungeJob({ listed, onClose }: { listed: JobOut; onClose: () => void }) {
  useLiveJob(listed.id)
  const { data: job = listed } = useQuery({ ...jobQuery(listed.id), initialData: listed, initialDataUpdatedAt: Date.now })
  const cancel = useLoungeChange(job, () => cancelJob(job.id), text.cancelled(job.name))
  const first = useLoungeChange(job, () => changePriority(job.id, PRIORITY_MAX), text.goesFirst(job.name))
  const canGoFirst = job.status === 'queued' && job.position !== null && job.position > 1
  return (
    <li className="rounded-md border border-line bg-surface p-3">
      <div className="flex items-start gap-1">
        <Link to={`/jobs/${job.id}`} onClick={onClose} className="min-w-0 flex-1 rounded-sm">
          <span className="block truncate text-13 font-medium">{job.name}</span>
          <span className="block truncate text-12 text-muted">{job.project_name}</span>
        </Link>
        {canGoFirst && (
          <IconButton icon={ChevronsUp} size="small" label={`${text.goFirst}: ${job.name}`} disabled={first.isPending} onClick={() => first.mutate()} />
        )}
        <IconButton icon={X} size="small" label={`${text.cancelJob}: ${job.name}`} disabled={cancel.isPending} onClick={() => cancel.mutate()} />
      </div>
      {job.status === 'running' && (
        <div className="mt-2">
          <ProgressBar isThin label={job.name} fraction={job.progress?.fraction ?? null} />
        </div>
      )}
      <p className="tabular mt-1.5 text-12 text-muted">{standing(job)}</p>
    </li>
  )
}

/** A change to a job that may move all others in the line. */
function useLoungeChange(job: JobOut, change: () => Promise<JobOut>, done: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: () => {
      showToast(done)
      void queries.invalidateQueries({ queryKey: ['lounge'] })
      void queries.invalidateQueries({ queryKey: jobQuery(job.id).queryKey })
    },
    onError: (error) => showToast(messageOf(error), { tone: 'error' }),
  })
}

function standing(job: JobOut): string {
  const span = job.eta_seconds === null ? null : formatDuration(job.eta_seconds)
  if (job.status === 'queued') {
    const place = job.position === 1 || job.position === null ? text.next : text.place(job.position)
    return [place, span && text.startsIn(span)].filter(Boolean).join(' · ')
  }
  return [job.progress && formatShare(job.progress.fraction, 0), job.progress && wordFor('stage', job.progress.stage), span && text.remaining(span)].filter(Boolean).join(' · ')
}
