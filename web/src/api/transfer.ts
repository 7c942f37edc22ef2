/**
 * One file on its way to the server: hashed while it is sent, in chunks that grow with the connection, from where the server says it
 * has come to. It waits out a lost connection; aborting the signal pauses it, and starting again goes on.
 */

import { ApiError, OfflineError } from './errors'
import { hashFile } from './fileHash'
import type { FileOut, UploadOut } from './generated'
import { appendChunk, cancelUpload, createUpload, findFile, finishUpload, getUpload } from './upload'

const HASHED_FIRST_BYTES = 16 * 1024 ** 2
const CHUNK_BYTES_FIRST = 1024 ** 2
const CHUNK_BYTES_MIN = 256 * 1024
const CHUNK_MILLISECONDS = { short: 700, long: 5_000 }
const PAUSE_MILLISECONDS = { first: 500, longest: 15_000 }
const FAILURES_MAX = 8
const PASSING_STATUS = new Set([429, 502, 503, 504])

export type TransferState = {
  readonly sentBytes: number
  /** Whether the server is out of reach and the upload waits for it. */
  readonly isWaiting: boolean
  /** The upload on the server, once there is one. */
  readonly uploadId: string | null
}

export type TransferOptions = { signal: AbortSignal; onState: (state: TransferState) => void }

/** Send a file. Resolves with what the server stored, or had already. Throws ApiError, AbortError, or Error for a file that cannot be read. */
export async function transfer(projectId: string, file: File, { signal, onState }: TransferOptions): Promise<FileOut> {
  const hash = hashFile(file, signal)
  const known = hash.then((sha256) => findFile(projectId, sha256)).catch(() => undefined)
  // A small file is hashed in no time, and need not be sent where it is known. A large one is sent while it is hashed.
  if (file.size <= HASHED_FIRST_BYTES) {
    await hash
    const found = await known
    if (found) return found
  }
  let uploadId: string | null = null
  const needless = new AbortController()
  const sending = send(projectId, file, hash, {
    signal: AbortSignal.any([signal, needless.signal]),
    onState: (state) => {
      uploadId = state.uploadId
      onState(state)
    },
  })
  const stored = await Promise.race([sending, known.then((found) => found ?? sending)])
  if (stored.already_known) {
    needless.abort()
    await sending.catch(() => undefined)
    if (uploadId !== null) await cancelUpload(uploadId).catch(() => undefined)
  }
  return stored
}

async function send(projectId: string, file: File, hash: Promise<string>, { signal, onState }: TransferOptions): Promise<FileOut> {
  let upload: UploadOut | null = null
  let chunkBytes = CHUNK_BYTES_FIRST
  const report = (sentBytes: number, isWaiting = false) => onState({ sentBytes, isWaiting, uploadId: upload?.id ?? null })
  const patiently = patience(signal, () => report(upload?.offset ?? 0, true))
  for (;;) {
    const now: UploadOut = await patiently(() => (upload ? getUpload(upload.id) : createUpload(projectId, file)))
    upload = now
    report(now.offset)
    while (upload.offset < file.size) {
      const { id, offset, chunk_bytes_max }: UploadOut = upload
      chunkBytes = Math.min(chunkBytes, chunk_bytes_max)
      const chunk = file.slice(offset, offset + chunkBytes)
      const began = performance.now()
      upload = await patiently(() => orWhereItIs(id, appendChunk(id, offset, chunk, { signal, onProgress: (sent) => report(offset + sent) })))
      chunkBytes = paced(chunkBytes, performance.now() - began)
      report(upload.offset)
    }
    const sha256 = await hash
    const { id } = upload
    const stored = await patiently(() => finishUpload(id, sha256).catch(unlessMisplaced))
    if (stored) return stored
  }
}

/** Where a chunk did not fit, the server says how much it has: the upload goes on from there. */
const orWhereItIs = (uploadId: string, sent: Promise<UploadOut>) => sent.catch(async (error: unknown) => (await unlessMisplaced(error)) ?? getUpload(uploadId))

function unlessMisplaced(error: unknown): null {
  if (error instanceof ApiError && error.status === 409 && typeof error.problem.offset === 'number') return null
  throw error
}

/** Larger chunks on a fast line, smaller ones on a slow one: little is sent twice where a connection breaks. */
function paced(bytes: number, milliseconds: number): number {
  if (milliseconds < CHUNK_MILLISECONDS.short) return bytes * 2
  return milliseconds > CHUNK_MILLISECONDS.long ? Math.max(CHUNK_BYTES_MIN, Math.floor(bytes / 2)) : bytes
}

/** Try again what a lost connection or a server in trouble broke, ever more slowly; a lost connection is waited for without end. */
function patience(signal: AbortSignal, onWait: () => void) {
  return async <Answer>(call: () => Promise<Answer>): Promise<Answer> => {
    for (let failures = 0; ; failures++) {
      signal.throwIfAborted()
      try {
        return await call()
      } catch (error) {
        if (!isPassing(error, failures)) throw error
        onWait()
        await pause(Math.min(PAUSE_MILLISECONDS.longest, PAUSE_MILLISECONDS.first * 2 ** failures), signal)
      }
    }
  }
}

function isPassing(error: unknown, failures: number): boolean {
  if (error instanceof OfflineError) return true
  if (!(error instanceof ApiError) || failures >= FAILURES_MAX) return false
  return PASSING_STATUS.has(error.status) || error.problem.code === 'chunk_changed'
}

/** Wait, but not longer than until the browser is online again. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void) => () => {
      clearTimeout(timer)
      removeEventListener('online', wake)
      signal.removeEventListener('abort', stop)
      settle()
    }
    const wake = end(resolve)
    const stop = end(() => reject(signal.reason as Error))
    const timer = setTimeout(wake, milliseconds)
    addEventListener('online', wake)
    signal.addEventListener('abort', stop)
  })
}
