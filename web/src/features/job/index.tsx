import { useQuery } from '@tanstack/react-query'
import { useParams } from 'react-router'
import { jobQuery } from '@/api/jobs'
import { JobStatusBadge } from '@/components/Badge'
import { ErrorState } from '@/components/ErrorState'
import { Page } from '@/components/Page'
import { usePlace } from '@/components/place'
import { Skeleton } from '@/components/Skeleton'

export default function JobPage() {
  const { jobId = '' } = useParams()
  const { data: job, error, refetch } = useQuery(jobQuery(jobId))
  usePlace({ title: job?.name ?? '', project: job && { id: job.project_id, name: job.project_name } })
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />
  return <Page title={job?.name ?? <Skeleton className="h-7 w-64" />}>{job && <JobStatusBadge status={job.status} />}</Page>
}
