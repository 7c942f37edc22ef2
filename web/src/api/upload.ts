import { refreshSession, sealed } from './client'
import { ApiError, OfflineError, problemOf } from './errors'
import type { FileOut } from './generated'

export type UploadOptions = { onProgress?: (sentShare: number) => void; signal?: AbortSignal }

/** Send a file's bytes with progress 0..1. Throws ApiError, OfflineError or AbortError. */
export async function uploadFile(projectId: string, file: File, options: UploadOptions = {}): Promise<FileOut> {
  const response = await put(projectId, file, options)
  const settled = response.status === 401 && (await refreshSession()) ? await put(projectId, file, options) : response
  const body: unknown = await settled.json().catch(() => null)
  if (!settled.ok) throw new ApiError(problemOf(settled, body))
  return body as FileOut
}

/** XMLHttpRequest, because fetch still cannot tell how much it has sent. */
function put(projectId: string, file: File, { onProgress, signal }: UploadOptions): Promise<Response> {
  const url = new URL(`/api/v1/projects/${projectId}/files`, location.origin)
  url.searchParams.set('name', file.name)
  const headers = sealed(new Request(url, { method: 'POST' })).headers
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', url)
    headers.forEach((value, name) => request.setRequestHeader(name, value))
    request.setRequestHeader('Content-Type', 'application/octet-stream')
    request.upload.onprogress = (event) => onProgress?.(event.total > 0 ? event.loaded / event.total : 0)
    request.onload = () => resolve(new Response(request.responseText || null, { status: request.status, statusText: request.statusText }))
    request.onerror = () => reject(new OfflineError(`“${file.name}” was not sent: the server cannot be reached. Try again when the connection is back.`))
    request.onabort = () => reject(new DOMException('The upload was cancelled.', 'AbortError'))
    signal?.addEventListener('abort', () => request.abort())
    request.send(file)
  })
}
