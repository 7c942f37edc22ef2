import type { ReactNode } from 'react'
import { Link } from 'react-router'
import type { JobOut } from '@/api/generated'
import { isNamedByFiles, isUnfinished } from '@/api/jobs'
import { formatDuration, formatShare } from '@/lib/format'
import { wordFor } from '@/lib/vocabulary'
import { JobStatusBadge } from './Badge'
import { ProgressBar } from './ProgressBar'
import { text } from './text'
import { Ago } from './Value'

/** A job in a list of a card: its name, where it belongs, how it stands. */
export function JobLine({
  job,
  to = `/jobs/${job.id}`,
  children,
}: {
  job: JobOut
  to?: string
  /** What stands at the right of a finished job instead of its status. */
  children?: ReactNode
}) {
  return (
    <li className="border-b border-line last:border-b-0">
      <Link to={to} className="flex min-h-14 items-center gap-4 px-4 py-2.5 outline-offset-[-2px] hover:bg-canvas">
        <span className="min-w-0 flex-1">
          <span className="block truncate text-13 font-medium">{job.name}</span>
          <span className="block truncate text-12 text-muted">
            {job.project_name}
            {!isNamedByFiles(job) && ` · ${job.left_file_name} ⇄ ${job.right_file_name}`}
          </span>
        </span>
        {isUnfinished(job) ? <Running job={job} /> : (children ?? <Finished job={job} />)}
      </Link>
    </li>
  )
}

function Running({ job }: { job: JobOut }) {
  const fraction = job.progress?.fraction ?? null
  const span = job.eta_seconds === null ? null : formatDuration(job.eta_seconds)
  if (job.status === 'queued') {
    return (
      <span className="flex shrink-0 items-center gap-3 text-12 text-muted">
        {span && text.startsIn(span)}
        <JobStatusBadge status="queued" />
      </span>
    )
  }
  return (
    <span className="flex w-44 shrink-0 flex-col gap-1">
      <span className="tabular flex justify-between text-12 text-muted">
        <span>{job.progress && wordFor('stage', job.progress.stage)}</span>
        <span>{[fraction !== null && formatShare(fraction, 0), span].filter(Boolean).join(' · ')}</span>
      </span>
      <ProgressBar isThin label={job.name} fraction={fraction} />
    </span>
  )
}

function Finished({ job }: { job: JobOut }) {
  return (
    <span className="flex shrink-0 items-center gap-3 text-12 text-muted">
      <Ago time={job.finished_at ?? job.created_at} />
      <JobStatusBadge status={job.status} />
    </span>
  )
}
