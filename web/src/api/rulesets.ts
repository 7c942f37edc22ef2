import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { client, unwrap } from './client'
import type { RulesetSave } from './generated'
import { nextCursor, PAGE_SIZE } from './paging'

/** What zero configuration would do with two files. */
export const proposalQuery = (projectId: string, leftFileId: string, rightFileId: string) =>
  queryOptions({
    queryKey: ['proposal', projectId, leftFileId, rightFileId],
    queryFn: ({ signal }) =>
      unwrap(
        client.POST('/api/v1/projects/{project_id}/proposals', {
          params: { path: { project_id: projectId } },
          body: { left_file_id: leftFileId, right_file_id: rightFileId },
          signal,
        }),
      ),
    staleTime: Infinity,
  })

export const rulesetsQuery = (projectId: string) =>
  infiniteQueryOptions({
    queryKey: ['project', projectId, 'rulesets'],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        client.GET('/api/v1/projects/{project_id}/rulesets', {
          params: { path: { project_id: projectId }, query: { cursor: pageParam, limit: PAGE_SIZE } },
          signal,
        }),
      ),
    getNextPageParam: nextCursor,
  })

export const saveRuleset = (projectId: string, body: RulesetSave) =>
  unwrap(client.POST('/api/v1/projects/{project_id}/rulesets', { params: { path: { project_id: projectId } }, body }))
