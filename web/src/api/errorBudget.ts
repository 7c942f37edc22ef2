import { queryOptions } from '@tanstack/react-query'
import { client, unwrap } from './client'
import type { ConfirmMatches } from './generated'

/** What may be confirmed without looking, if at most `wrongShare` (0..1) of it may be wrong. */
export const errorBudgetQuery = (jobId: string, wrongShare: number) =>
  queryOptions({
    queryKey: ['job', jobId, 'error-budget', wrongShare],
    queryFn: ({ signal }) =>
      unwrap(
        client.GET('/api/v1/jobs/{job_id}/error-budget', {
          params: { path: { job_id: jobId }, query: { wrong_share: wrongShare } },
          signal,
        }),
      ),
  })

export const confirmMatches = (jobId: string, body: ConfirmMatches) =>
  unwrap(client.POST('/api/v1/jobs/{job_id}/confirmations', { params: { path: { job_id: jobId } }, body }))

export const undoConfirmation = (jobId: string, bulkId: string) =>
  unwrap(
    client.POST('/api/v1/jobs/{job_id}/confirmations/{bulk_id}/undo', { params: { path: { job_id: jobId, bulk_id: bulkId } } }),
  )
