/** The calls of a resumable upload. The order they come in is `transfer`'s. */

import { queryOptions } from '@tanstack/react-query'
import { client, refreshSession, sealed, unwrap } from './client'
import { ApiError, OfflineError, problemOf } from './errors'
import type { FileOut, UploadOut } from './generated'

/** What the person began and did not end in a project: a reload forgets the files, the server keeps what it has. */
export const openUploadsQuery = (projectId: string) =>
  queryOptions({
    queryKey: ['project', projectId, 'uploads'],
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/projects/{project_id}/uploads', { params: { path: { project_id: projectId } }, signal })),
  })

/** Announce a file, or find the open upload of the same one. */
export const createUpload = (projectId: string, file: File) =>
  unwrap(
    client.POST('/api/v1/projects/{project_id}/uploads', {
      params: { path: { project_id: projectId } },
      body: { name: file.name, size_bytes: file.size, modified_ms: Math.max(0, Math.floor(file.lastModified)) },
    }),
  )

/** How much of it the server has. */
export const getUpload = (uploadId: string) => unwrap(client.GET('/api/v1/uploads/{upload_id}', { params: { path: { upload_id: uploadId } } }))

export const finishUpload = (uploadId: string, sha256: string) =>
  unwrap(client.POST('/api/v1/uploads/{upload_id}/finish', { params: { path: { upload_id: uploadId } }, body: { sha256 } }))

export const cancelUpload = (uploadId: string) => unwrap(client.DELETE('/api/v1/uploads/{upload_id}', { params: { path: { upload_id: uploadId } } }))

/** The file of a project that has these bytes. */
export async function findFile(projectId: string, sha256: string): Promise<FileOut | undefined> {
  const page = await unwrap(client.GET('/api/v1/projects/{project_id}/files', { params: { path: { project_id: projectId }, query: { sha256, limit: 1 } } }))
  return page.items[0] && { ...page.items[0], already_known: true }
}

export type ChunkOptions = { onProgress: (sentBytes: number) => void; signal: AbortSignal }

/** Send the bytes from `offset` on. Throws ApiError, OfflineError or AbortError. */
export async function appendChunk(uploadId: string, offset: number, chunk: Blob, options: ChunkOptions): Promise<UploadOut> {
  const checksum = await checksumOf(chunk)
  const response = await patch(uploadId, offset, chunk, checksum, options)
  const settled = response.status === 401 && (await refreshSession()) ? await patch(uploadId, offset, chunk, checksum, options) : response
  const body: unknown = await settled.json().catch(() => null)
  if (!settled.ok) throw new ApiError(problemOf(settled, body))
  return body as UploadOut
}

/** Only a page that came safely may use the browser's own hashing; elsewhere the hash of the whole file has to do. */
async function checksumOf(chunk: Blob): Promise<string | null> {
  const hashing = (globalThis.crypto as Partial<Crypto> | undefined)?.subtle
  if (!hashing) return null
  const digest = new Uint8Array(await hashing.digest('SHA-256', await chunk.arrayBuffer()))
  return `sha256 ${btoa(String.fromCharCode(...digest))}`
}

/** XMLHttpRequest, because fetch still cannot tell how much it has sent. */
function patch(uploadId: string, offset: number, chunk: Blob, checksum: string | null, { onProgress, signal }: ChunkOptions): Promise<Response> {
  const url = new URL(`/api/v1/uploads/${uploadId}`, location.origin)
  const headers = sealed(new Request(url, { method: 'PATCH' })).headers
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error)
    const request = new XMLHttpRequest()
    request.open('PATCH', url)
    headers.forEach((value, name) => request.setRequestHeader(name, value))
    request.setRequestHeader('Content-Type', 'application/octet-stream')
    request.setRequestHeader('Upload-Offset', String(offset))
    if (checksum !== null) request.setRequestHeader('Upload-Checksum', checksum)
    request.upload.onprogress = (event) => onProgress(event.loaded)
    request.onload = () => resolve(new Response(request.responseText || null, { status: request.status, statusText: request.statusText }))
    request.onerror = () => reject(new OfflineError('The server cannot be reached. The upload goes on by itself when the connection is back.'))
    request.onabort = () => reject(signal.reason as Error)
    signal.addEventListener('abort', () => request.abort(), { once: true })
    request.send(chunk)
  })
}
