import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { client, unwrap } from './client'
import type { paths } from './generated'
import { nextCursor, PAGE_SIZE } from './paging'

type ExceptionParameters = NonNullable<paths['/api/v1/jobs/{job_id}/exceptions']['get']['parameters']['query']>
export type ExceptionFilter = Omit<ExceptionParameters, 'cursor' | 'limit'>

export const exceptionsQuery = (jobId: string, filter: ExceptionFilter) =>
  infiniteQueryOptions({
    queryKey: ['job', jobId, 'exceptions', filter],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        client.GET('/api/v1/jobs/{job_id}/exceptions', {
          params: { path: { job_id: jobId }, query: { ...filter, cursor: pageParam, limit: PAGE_SIZE } },
          signal,
        }),
      ),
    getNextPageParam: nextCursor,
  })

export const exceptionQuery = (jobId: string, side: 'left' | 'right', row: number) =>
  queryOptions({
    queryKey: ['job', jobId, 'exception', side, row],
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/jobs/{job_id}/exceptions/{side}/{row}', { params: { path: { job_id: jobId, side, row } }, signal })),
  })
