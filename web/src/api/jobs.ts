import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { client, unwrap } from './client'
import type { JobOut, JobStart, JobStatus } from './generated'
import { nextCursor, PAGE_SIZE } from './paging'

const POLL_MILLISECONDS = 5000

/** A job that may still change by itself. */
export const isUnfinished = (job: Pick<JobOut, 'status'>) => job.status === 'queued' || job.status === 'running'

/** A job without a name of its own is called by its files, which then need no second line. */
export const isNamedByFiles = (job: Pick<JobOut, 'name' | 'left_file_name' | 'right_file_name'>) =>
  job.name.includes(job.left_file_name) && job.name.includes(job.right_file_name)

export const jobsQuery = (projectId: string) =>
  infiniteQueryOptions({
    queryKey: ['project', projectId, 'jobs'],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        client.GET('/api/v1/projects/{project_id}/jobs', {
          params: { path: { project_id: projectId }, query: { cursor: pageParam, limit: PAGE_SIZE } },
          signal,
        }),
      ),
    getNextPageParam: nextCursor,
  })

/** The jobs of one status over all projects that the user may see. */
export const loungeQuery = (status: JobStatus) =>
  queryOptions({
    queryKey: ['lounge', status],
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/jobs', { params: { query: { status, limit: PAGE_SIZE } }, signal })),
    refetchInterval: ({ state }) => (state.data?.items.length ? POLL_MILLISECONDS : false),
  })

/** Polls slowly while unfinished; `useLiveJob` makes it instant. */
export const jobQuery = (jobId: string) =>
  queryOptions({
    queryKey: ['job', jobId],
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/jobs/{job_id}', { params: { path: { job_id: jobId } }, signal })),
    refetchInterval: ({ state }) => (state.data && isUnfinished(state.data) ? POLL_MILLISECONDS : false),
  })

export const jobSummaryQuery = (jobId: string) =>
  queryOptions({
    queryKey: ['job', jobId, 'summary'],
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/jobs/{job_id}/summary', { params: { path: { job_id: jobId } }, signal })),
  })

/** What a job changed since an earlier one over the same records; the one before it unless said. */
export const differenceQuery = (jobId: string, before: string | null) =>
  queryOptions({
    queryKey: ['job', jobId, 'difference', before],
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/jobs/{job_id}/difference', { params: { path: { job_id: jobId }, query: { before } }, signal })),
  })

export const startJob = (projectId: string, body: JobStart) =>
  unwrap(client.POST('/api/v1/projects/{project_id}/jobs', { params: { path: { project_id: projectId } }, body }))
export const cancelJob = (jobId: string) =>
  unwrap(client.POST('/api/v1/jobs/{job_id}/cancel', { params: { path: { job_id: jobId } } }))
export const deleteJob = (jobId: string) => unwrap(client.DELETE('/api/v1/jobs/{job_id}', { params: { path: { job_id: jobId } } }))
export const rerunJob = (jobId: string) =>
  unwrap(client.POST('/api/v1/jobs/{job_id}/rerun', { params: { path: { job_id: jobId } } }))
export const changePriority = (jobId: string, priority: number) =>
  unwrap(client.PATCH('/api/v1/jobs/{job_id}/priority', { params: { path: { job_id: jobId } }, body: { priority } }))

export const DOWNLOADS = ['matches.csv', 'exceptions.csv', 'report.xlsx', 'summary.json'] as const
export type Download = (typeof DOWNLOADS)[number]
export const downloadUrl = (jobId: string, name: Download) => `/api/v1/jobs/${jobId}/downloads/${name}`
