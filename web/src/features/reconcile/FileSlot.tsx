import { FileSpreadsheet, RotateCcw, Upload, X } from 'lucide-react'
import type { ReactNode } from 'react'

import { ApiError } from '@/api/errors'
import type { FileOut } from '@/api/generated'
import { FileStatusBadge } from '@/components/Badge'
import { Button } from '@/components/Button'
import { DropZone } from '@/components/DropZone'
import { ErrorLine } from '@/components/ErrorState'
import { ProgressBar } from '@/components/ProgressBar'
import { formatBytes, formatShare } from '@/lib/format'

import { text } from './text'
import type { UploadState } from './useUpload'

export type Side = 'left' | 'right'

type Props = {
  side: Side
  file: FileOut | undefined
  upload: UploadState
  known: readonly FileOut[]
  onFiles: (files: File[]) => void
  onPick: (fileId: string) => void
  onClear: () => void
  onCancel: () => void
  onRetry: (file: File) => void
}

export const slotId = (side: Side) => `slot-${side}`

/** One side of step 1: a place to drop a file, then its upload, then the file. */
export function FileSlot({ side, file, upload, known, onFiles, onPick, onClear, onCancel, onRetry }: Props) {
  return (
    <section id={slotId(side)} aria-label={text.side[side]} className="flex min-w-0 flex-col">
      <h3 className="mb-1.5 text-12 font-medium text-muted">{text.side[side]}</h3>
      {upload.kind === 'sending' && <Sending name={upload.file.name} share={upload.share} onCancel={onCancel} />}
      {upload.kind === 'failed' && <Failed upload={upload} onRetry={onRetry} onFiles={onFiles} side={side} />}
      {upload.kind === 'idle' && file && <Chosen file={file} onClear={onClear} />}
      {upload.kind === 'idle' && !file && (
        <>
          <Empty side={side} onFiles={onFiles} />
          {known.length > 0 && <Known side={side} files={known} onPick={onPick} />}
        </>
      )}
    </section>
  )
}

function Empty({ side, onFiles }: { side: Side; onFiles: (files: File[]) => void }) {
  return (
    <DropZone label={text.drop[side]} onFiles={onFiles} className="min-h-40">
      <Upload aria-hidden size={20} strokeWidth={1.5} className="text-muted" />
      <span className="text-14 font-medium">{text.drop[side]}</span>
      <span className="text-12 text-muted">{text.dropHint}</span>
      <span className="text-12 text-muted">{text.dropExample[side]}</span>
    </DropZone>
  )
}

function Known({ side, files, onPick }: { side: Side; files: readonly FileOut[]; onPick: (fileId: string) => void }) {
  return (
    <select
      aria-label={text.pick[side]}
      value=""
      onChange={(event) => onPick(event.target.value)}
      className="mt-2 h-8 w-full rounded-md border border-line-strong bg-surface px-2 text-13 text-ink"
    >
      <option value="" disabled>
        {text.pickPlaceholder}
      </option>
      {files.map((file) => (
        <option key={file.id} value={file.id}>
          {file.name}
        </option>
      ))}
    </select>
  )
}

function Box({ children }: { children: ReactNode }) {
  return <div className="flex min-h-40 flex-col justify-center gap-3 rounded-md border border-line bg-surface p-5">{children}</div>
}

function Sending({ name, share, onCancel }: { name: string; share: number; onCancel: () => void }) {
  return (
    <Box>
      <div className="flex items-center gap-3">
        <FileSpreadsheet aria-hidden size={20} strokeWidth={1.5} className="shrink-0 text-muted" />
        <span className="min-w-0 flex-1 truncate text-14 font-medium">{name}</span>
        <span className="tabular text-13 text-muted">{share >= 1 ? text.storing : formatShare(share, 0)}</span>
        <Button size="small" icon={X} onClick={onCancel}>
          {text.cancel}
        </Button>
      </div>
      <ProgressBar label={text.uploading(name)} fraction={share} />
    </Box>
  )
}

type FailedProps = { upload: Extract<UploadState, { kind: 'failed' }>; side: Side; onRetry: (file: File) => void; onFiles: (files: File[]) => void }

function Failed({ upload, side, onRetry, onFiles }: FailedProps) {
  return (
    <Box>
      <ErrorLine error={upload.error} />
      {isWorthRetrying(upload.error) && (
        <div>
          <Button tone="primary" size="small" icon={RotateCcw} onClick={() => onRetry(upload.file)}>
            {text.retry}
          </Button>
        </div>
      )}
      <DropZone label={text.drop[side]} onFiles={onFiles}>
        <span className="text-13">{text.chooseAnother}</span>
      </DropZone>
    </Box>
  )
}

/** What the server says about the file itself stays true; a broken connection or a full disk does not. */
function isWorthRetrying(error: unknown): boolean {
  return !(error instanceof ApiError) || error.status >= 500 || error.status === 429
}

function Chosen({ file, onClear }: { file: FileOut; onClear: () => void }) {
  return (
    <Box>
      <div className="flex items-center gap-3">
        <FileSpreadsheet aria-hidden size={20} strokeWidth={1.5} className="shrink-0 text-muted" />
        <span className="min-w-0 flex-1">
          <span className="block truncate text-14 font-medium">{file.name}</span>
          <span className="text-12 text-muted">{formatBytes(file.size_bytes)}</span>
        </span>
        <FileStatusBadge status={file.status} />
        <Button size="small" onClick={onClear} aria-label={`${text.change}: ${file.name}`}>
          {text.change}
        </Button>
      </div>
      {file.already_known && <p className="text-12 text-muted">{text.known}</p>}
    </Box>
  )
}
