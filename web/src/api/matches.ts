import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { client, unwrap } from './client'
import type { Decide, paths } from './generated'
import { nextCursor, PAGE_SIZE } from './paging'

type MatchParameters = NonNullable<paths['/api/v1/jobs/{job_id}/matches']['get']['parameters']['query']>
/** The filter and the order of the review list; the page is the query's own business. */
export type MatchFilter = Omit<MatchParameters, 'cursor' | 'limit'>

export const matchesQuery = (jobId: string, filter: MatchFilter) =>
  infiniteQueryOptions({
    queryKey: ['job', jobId, 'matches', filter],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        client.GET('/api/v1/jobs/{job_id}/matches', {
          params: { path: { job_id: jobId }, query: { ...filter, cursor: pageParam, limit: PAGE_SIZE } },
          signal,
        }),
      ),
    getNextPageParam: nextCursor,
  })

export const matchQuery = (jobId: string, matchId: number) =>
  queryOptions({
    queryKey: ['job', jobId, 'match', matchId],
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/jobs/{job_id}/matches/{match_id}', { params: { path: { job_id: jobId, match_id: matchId } }, signal })),
  })

export const decideMatch = (jobId: string, matchId: number, body: Decide) =>
  unwrap(client.POST('/api/v1/jobs/{job_id}/matches/{match_id}/decision', { params: { path: { job_id: jobId, match_id: matchId } }, body }))

/** The decisions made one by one: what was confirmed together is taken back together. */
export const decisionsQuery = (jobId: string) =>
  infiniteQueryOptions({
    queryKey: ['job', jobId, 'decisions'],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        client.GET('/api/v1/jobs/{job_id}/decisions', {
          params: { path: { job_id: jobId }, query: { bulk: false, cursor: pageParam, limit: PAGE_SIZE } },
          signal,
        }),
      ),
    getNextPageParam: nextCursor,
  })

export const undoDecision = (jobId: string, decisionId: string) =>
  unwrap(
    client.POST('/api/v1/jobs/{job_id}/decisions/{decision_id}/undo', { params: { path: { job_id: jobId, decision_id: decisionId } } }),
  )

/** Why two records are, or are not, a match. */
export const explanationQuery = (jobId: string, leftRow: number, rightRow: number) =>
  queryOptions({
    queryKey: ['job', jobId, 'explain', leftRow, rightRow],
    queryFn: ({ signal }) =>
      unwrap(
        client.GET('/api/v1/jobs/{job_id}/explain', {
          params: { path: { job_id: jobId }, query: { left_row: leftRow, right_row: rightRow } },
          signal,
        }),
      ),
  })
