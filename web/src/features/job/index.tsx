import { useQuery } from '@tanstack/react-query'
import { useParams } from 'react-router'

import type { JobOut } from '@/api/generated'
import { isNamedByFiles, isUnfinished, jobQuery } from '@/api/jobs'
import { useLiveJob } from '@/api/live'
import { JobStatusBadge } from '@/components/Badge'
import { ErrorState } from '@/components/ErrorState'
import { Page } from '@/components/Page'
import { usePlace } from '@/components/place'
import { Skeleton } from '@/components/Skeleton'
import { Ago } from '@/components/Value'
import { formatDuration } from '@/lib/format'

import { Ended } from './Ended'
import { JobMenu } from './JobMenu'
import { Result, ResultSkeleton } from './Result'
import { ResultActions } from './ResultActions'
import { text } from './text'
import { Underway } from './Underway'

export default function JobPage() {
  const { jobId = '' } = useParams()
  const { data: job, error, refetch } = useQuery(jobQuery(jobId))
  useLiveJob(jobId)
  usePlace({ title: job?.name ?? '', project: job && { id: job.project_id, name: job.project_name } })
  if (error && !job) return <ErrorState isPage error={error} onRetry={() => void refetch()} />
  if (!job) {
    return (
      <Page title={<Skeleton className="h-7 w-72" />}>
        <ResultSkeleton />
      </Page>
    )
  }
  return (
    <Page title={job.name} description={<Description job={job} />} actions={<Actions job={job} />}>
      {isUnfinished(job) && <Underway job={job} />}
      {(job.status === 'failed' || job.status === 'cancelled') && <Ended job={job} />}
      {job.status === 'done' && <Result job={job} />}
    </Page>
  )
}

function Actions({ job }: { job: JobOut }) {
  if (isUnfinished(job)) return null
  return (
    <>
      {job.status === 'done' && <ResultActions job={job} />}
      <JobMenu job={job} />
    </>
  )
}

function Description({ job }: { job: JobOut }) {
  const seconds = job.started_at && job.finished_at ? (Date.parse(job.finished_at) - Date.parse(job.started_at)) / 1000 : null
  return (
    <span className="flex flex-wrap items-center gap-x-3 gap-y-1 text-13">
      <JobStatusBadge status={job.status} />
      {!isNamedByFiles(job) && <span>{text.of(job.left_file_name, job.right_file_name)}</span>}
      <span>
        {text.startedBy(job.created_by)} <Ago time={job.created_at} />
        {seconds !== null && ` · ${text.took(formatDuration(seconds))}`}
      </span>
    </span>
  )
}
