import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { client, unwrap } from './client'
import type { FileOut, PairedFieldIn, PairedFieldOut, Role, RulesetSave } from './generated'
import { nextCursor, PAGE_SIZE } from './paging'

/** What would be done with two files as they are read now: with the columns that mean the same by themselves, or with those that a person paired. */
export const proposalQuery = (left: FileOut | undefined, right: FileOut | undefined, fields: readonly PairedFieldOut[] | null = null) =>
  queryOptions({
    queryKey: ['proposal', left?.id, right?.id, answersOf(left), answersOf(right), fields],
    queryFn: ({ signal }) =>
      unwrap(
        client.POST('/api/v1/projects/{project_id}/proposals', {
          params: { path: { project_id: left?.project_id ?? '' } },
          body: { left_file_id: left?.id ?? '', right_file_id: right?.id ?? '', ...(fields && { fields: fields.map(fieldIn) }) },
          signal,
        }),
      ),
    staleTime: Infinity,
  })

/** Another answer is another reading of the file, with other types and roles. */
const answersOf = (file: FileOut | undefined) => file?.settled.map(({ key, answer }) => `${key}=${answer}`)

/** The role is one of the wire's own, which answers it as text. */
const fieldIn = ({ name, role, left, right }: PairedFieldOut): PairedFieldIn => ({ name, role: role as Role, left, right })

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
