import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { client, unwrap } from './client'
import type { FileOut } from './generated'
import { nextCursor, PAGE_SIZE } from './paging'

const POLL_MILLISECONDS = 1500

/** A file that the worker has not finished reading. */
export const isBeingRead = (file: Pick<FileOut, 'status'>) => file.status === 'stored' || file.status === 'reading'

export const filesQuery = (projectId: string) =>
  infiniteQueryOptions({
    queryKey: ['project', projectId, 'files'],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        client.GET('/api/v1/projects/{project_id}/files', {
          params: { path: { project_id: projectId }, query: { cursor: pageParam, limit: PAGE_SIZE } },
          signal,
        }),
      ),
    getNextPageParam: nextCursor,
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.items.some(isBeingRead)) ? POLL_MILLISECONDS : false,
  })

/** Polls while the file is being read, so that the page is right even without a socket. */
export const fileQuery = (fileId: string) =>
  queryOptions({
    queryKey: ['file', fileId],
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/files/{file_id}', { params: { path: { file_id: fileId } }, signal })),
    refetchInterval: ({ state }) => (state.data && isBeingRead(state.data) ? POLL_MILLISECONDS : false),
  })

export const rowErrorsQuery = (fileId: string) =>
  infiniteQueryOptions({
    queryKey: ['file', fileId, 'row-errors'],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        client.GET('/api/v1/files/{file_id}/row-errors', {
          params: { path: { file_id: fileId }, query: { cursor: pageParam, limit: PAGE_SIZE } },
          signal,
        }),
      ),
    getNextPageParam: nextCursor,
  })

/** Null takes an answer back; `type:COLUMN` and `role:COLUMN` change a column. */
export type FileAnswers = Readonly<Record<string, string | null>>

export const answerQuestions = (fileId: string, answers: FileAnswers) =>
  unwrap(client.POST('/api/v1/files/{file_id}/answers', { params: { path: { file_id: fileId } }, body: { answers } }))

/** One file of several with the same columns; what overlaps counts once. */
export const combineFiles = (projectId: string, fileIds: string[]) =>
  unwrap(client.POST('/api/v1/projects/{project_id}/files/combined', { params: { path: { project_id: projectId } }, body: { file_ids: fileIds } }))

export const deleteFile = (fileId: string) =>
  unwrap(client.DELETE('/api/v1/files/{file_id}', { params: { path: { file_id: fileId } } }))

/** Answers that are kept by header for the next file of a project. */
export const templatesQuery = (projectId: string) =>
  queryOptions({
    queryKey: ['project', projectId, 'templates'],
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/projects/{project_id}/templates', { params: { path: { project_id: projectId } }, signal })),
  })

export const deleteTemplate = (templateId: string) =>
  unwrap(client.DELETE('/api/v1/templates/{template_id}', { params: { path: { template_id: templateId } } }))

export const rowErrorsUrl = (fileId: string) => `/api/v1/files/${fileId}/row-errors.csv`
export const fileContentUrl = (fileId: string) => `/api/v1/files/${fileId}/content`
