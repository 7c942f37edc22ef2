/**
 * The uploads of a project, of both sides. They live outside of the page, so that one may look elsewhere while they go on, and come
 * back to them.
 */

import type { FileOut } from '@/api/generated'
import { onSignOut } from '@/api/session'
import { transfer } from '@/api/transfer'
import { cancelUpload } from '@/api/upload'

import type { Side } from './side'

const AT_ONCE = 2

export type UploadStatus = 'waiting' | 'sending' | 'paused' | 'failed' | 'done'

export type UploadItem = {
  readonly id: string
  readonly side: Side
  readonly file: File
  readonly status: UploadStatus
  readonly sentBytes: number
  readonly bytesPerSecond: number | null
  /** The server is out of reach; the upload goes on by itself. */
  readonly isOffline: boolean
  readonly uploadId: string | null
  readonly error: unknown
  readonly stored: FileOut | null
  /** The page knows of `stored`; it stays on the list until somebody uses or dismisses it. */
  readonly isSeen: boolean
}

export class UploadQueue {
  private items: readonly UploadItem[] = []
  private readonly controls = new Map<string, AbortController>()
  private readonly listeners = new Set<() => void>()
  private count = 0

  constructor(private readonly projectId: string) {}

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  readonly snapshot = () => this.items

  add(side: Side, files: readonly File[]): void {
    const fresh = files.map((file): UploadItem => {
      const nothingYet = { sentBytes: 0, bytesPerSecond: null, isOffline: false, uploadId: null, error: null, stored: null, isSeen: false }
      return { id: String(++this.count), side, file, status: 'waiting', ...nothingYet }
    })
    this.set([...this.items, ...fresh])
    this.startNext()
  }

  /** Stop sending; what is on the server stays there. */
  pause(id: string): void {
    this.change(id, { status: 'paused', isOffline: false, bytesPerSecond: null })
    this.controls.get(id)?.abort()
    this.startNext()
  }

  /** Go on after a pause, or try again after a failure. */
  resume(id: string): void {
    this.change(id, { status: 'waiting', error: null })
    this.startNext()
  }

  /** Stop, and throw away what is on the server. */
  cancel(id: string): void {
    const item = this.find(id)
    this.remove(id)
    this.controls.get(id)?.abort()
    if (item?.uploadId) void cancelUpload(item.uploadId).catch(() => undefined)
    this.startNext()
  }

  /** Forget an upload that has ended. */
  remove(id: string): void {
    this.set(this.items.filter((item) => item.id !== id))
  }

  markSeen(id: string): void {
    this.change(id, { isSeen: true })
  }

  /** Stop everything that is on its way. */
  stop(): void {
    this.set([])
    this.controls.forEach((control) => control.abort())
  }

  private find(id: string): UploadItem | undefined {
    return this.items.find((item) => item.id === id)
  }

  private set(items: readonly UploadItem[]): void {
    this.items = items
    this.listeners.forEach((listener) => listener())
  }

  private change(id: string, part: Partial<UploadItem>): void {
    this.set(this.items.map((item) => (item.id === id ? { ...item, ...part } : item)))
  }

  private startNext(): void {
    const free = AT_ONCE - this.items.filter((item) => item.status === 'sending').length
    this.items
      .filter((item) => item.status === 'waiting')
      .slice(0, Math.max(0, free))
      .forEach((item) => void this.run(item))
  }

  private async run({ id, file }: UploadItem): Promise<void> {
    const control = new AbortController()
    this.controls.set(id, control)
    this.change(id, { status: 'sending' })
    const rate = rateOf()
    try {
      const stored = await transfer(this.projectId, file, {
        signal: control.signal,
        onState: ({ sentBytes, isWaiting, uploadId }) => {
          if (control.signal.aborted) return
          this.change(id, { sentBytes, isOffline: isWaiting, uploadId, bytesPerSecond: rate(sentBytes) })
        },
      })
      this.change(id, { status: 'done', sentBytes: file.size, stored })
    } catch (error) {
      if (!control.signal.aborted) this.change(id, { status: 'failed', error, isOffline: false })
    }
    this.startNext()
  }
}

/** Bytes a second since the first call; nothing for a moment in which it would only jump. */
function rateOf(): (sentBytes: number) => number | null {
  const settled = 1_500
  let start: { bytes: number; at: number } | null = null
  return (bytes) => {
    const at = performance.now()
    start ??= { bytes, at }
    return at - start.at < settled ? null : ((bytes - start.bytes) / (at - start.at)) * 1000
  }
}

const queues = new Map<string, UploadQueue>()

/** The queue of a project: one for as long as the tab lives. */
export function uploadsOf(projectId: string): UploadQueue {
  const queue = queues.get(projectId) ?? new UploadQueue(projectId)
  queues.set(projectId, queue)
  return queue
}

/** Stop and forget all uploads of this tab; what came in stays on the server. */
export function forgetUploads(): void {
  queues.forEach((queue) => queue.stop())
  queues.clear()
}

onSignOut(forgetUploads)
