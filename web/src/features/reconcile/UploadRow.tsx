import { Check, FileSpreadsheet, Pause, Play, RotateCcw, WifiOff, X, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'

import { ApiError } from '@/api/errors'
import { Button, IconButton } from '@/components/Button'
import { ErrorLine } from '@/components/ErrorState'
import { ProgressBar } from '@/components/ProgressBar'
import { formatBytes, formatDuration, formatShare } from '@/lib/format'

import { text } from './text'
import type { UploadItem, UploadQueue } from './uploadQueue'

type Props = { item: UploadItem; queue: UploadQueue; onUse: (fileId: string) => void }

/** One file on its way: how far it is, and the buttons that hold it, let it go on, or throw it away. */
export function UploadRow({ item, queue, onUse }: Props) {
  const { id, file, status, stored } = item
  const name = file.name
  return (
    <li className="flex flex-col gap-2 rounded-md border border-line bg-surface px-3 py-2.5">
      <div className="flex min-h-7 items-center gap-2.5">
        <Icon item={item} />
        <span className="min-w-0 flex-1">
          <span className="block truncate text-13 font-medium">{name}</span>
          <span className="tabular block truncate text-12 text-muted">{situationOf(item)}</span>
        </span>
        {stored && (
          <Button size="small" aria-label={`${text.upload.use}: ${name}`} onClick={() => onUse(stored.id)}>
            {text.upload.use}
          </Button>
        )}
        {status === 'sending' && <IconButton size="small" icon={Pause} label={text.upload.pause(name)} onClick={() => queue.pause(id)} />}
        {status === 'paused' && <IconButton size="small" icon={Play} label={text.upload.resume(name)} onClick={() => queue.resume(id)} />}
        {status === 'done' ? (
          <IconButton size="small" icon={X} label={text.upload.dismiss(name)} onClick={() => queue.remove(id)} />
        ) : (
          <IconButton size="small" icon={X} label={text.upload.cancel(name)} onClick={() => queue.cancel(id)} />
        )}
      </div>
      {(status === 'sending' || status === 'paused' || status === 'waiting') && (
        <ProgressBar isThin label={text.uploading(name)} fraction={file.size > 0 ? item.sentBytes / file.size : 0} />
      )}
      {status === 'failed' && (
        <Failed item={item}>
          <Button tone="primary" size="small" icon={RotateCcw} onClick={() => queue.resume(id)}>
            {text.retry}
          </Button>
        </Failed>
      )}
    </li>
  )
}

function Failed({ item, children }: { item: UploadItem; children: ReactNode }) {
  return (
    <div className="space-y-2">
      <ErrorLine error={item.error} />
      {isWorthRetrying(item.error) && children}
    </div>
  )
}

const PASSING_STATUS = new Set([401, 404, 429])

/** What the server says about the file itself stays true; a broken connection, an ended session, a full disk or a changed byte does not. */
function isWorthRetrying(error: unknown): boolean {
  return !(error instanceof ApiError) || error.status >= 500 || PASSING_STATUS.has(error.status) || error.problem.code === 'sha256_differs'
}

function Icon({ item }: { item: UploadItem }) {
  const Drawn: LucideIcon = item.isOffline ? WifiOff : item.status === 'done' ? Check : FileSpreadsheet
  return <Drawn aria-hidden size={18} strokeWidth={1.5} className={item.isOffline ? 'shrink-0 text-suggested' : item.status === 'done' ? 'shrink-0 text-matched' : 'shrink-0 text-muted'} />
}

function situationOf({ status, file, sentBytes, bytesPerSecond, isOffline, stored }: UploadItem): string {
  const share = formatShare(file.size > 0 ? sentBytes / file.size : 0, 0)
  const amount = `${share} · ${text.upload.of(formatBytes(sentBytes), formatBytes(file.size))}`
  if (status === 'failed') return formatBytes(file.size)
  if (status === 'waiting') return `${formatBytes(file.size)} · ${text.upload.waiting}`
  if (status === 'paused') return `${amount} · ${text.upload.paused}`
  if (status === 'done') return stored?.already_known ? text.upload.known : `${formatBytes(file.size)} · ${text.upload.here}`
  if (isOffline) return `${amount} · ${text.upload.offline}`
  if (sentBytes >= file.size) return text.upload.checking
  const left = bytesPerSecond ? text.upload.left(formatDuration((file.size - sentBytes) / bytesPerSecond)) : null
  return [amount, left].filter(Boolean).join(' · ')
}
