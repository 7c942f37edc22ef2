/** Upload a file with its progress. `fetch` cannot tell how much of a body has gone out, so this one request is an XMLHttpRequest. */

import type { FileOut } from '@/api/generated'

export interface Upload {
  readonly done: Promise<FileOut>
  cancel(): void
}

/** What an upload is refused with: one sentence for the user. `cancelled` was asked for and needs no message. */
export class UploadError extends Error {
  constructor(
    message: string,
    readonly cancelled = false,
  ) {
    super(message)
  }
}

/** Send the bytes; `onProgress` gets the share that is out, 0..1. The same bytes in the same project come back as the known file. */
export function uploadFile(projectId: string, file: File, csrfToken: string, onProgress: (share: number) => void): Upload {
  const request = new XMLHttpRequest()
  const done = new Promise<FileOut>((resolve, reject) => {
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total)
    request.onload = () => settle(request, resolve, reject)
    request.onerror = () => reject(new UploadError(`'${file.name}' did not get through: the connection broke. Try again.`))
    request.ontimeout = request.onerror
    request.onabort = () => reject(new UploadError(`The upload of '${file.name}' was cancelled.`, true))
  })
  request.open('POST', `/api/v1/projects/${projectId}/files?name=${encodeURIComponent(file.name)}`)
  request.responseType = 'text'
  request.setRequestHeader('Content-Type', 'application/octet-stream')
  request.setRequestHeader('X-CSRF-Token', csrfToken)
  request.send(file)
  return { done, cancel: () => request.abort() }
}

function settle(request: XMLHttpRequest, resolve: (file: FileOut) => void, reject: (error: UploadError) => void): void {
  if (request.status === 200 || request.status === 201) resolve(JSON.parse(request.responseText))
  else reject(new UploadError(detailOf(request)))
}

function detailOf(request: XMLHttpRequest): string {
  try {
    const { detail } = JSON.parse(request.responseText)
    if (typeof detail === 'string') return detail
  } catch {
    // A proxy in between answers with a page of its own; the status is all that can be said.
  }
  return `The server refused the file with status ${request.status}. Try again, or ask whoever runs the platform.`
}
