import { FileSpreadsheet, Upload } from 'lucide-react'

import type { FileOut } from '@/api/generated'
import { FileStatusBadge } from '@/components/Badge'
import { Button } from '@/components/Button'
import { DropZone } from '@/components/DropZone'
import { formatBytes } from '@/lib/format'

import type { Side } from './side'
import { text } from './text'
import { Together } from './Together'
import type { UploadItem, UploadQueue } from './uploadQueue'
import { UploadRow } from './UploadRow'

type Props = {
  projectId: string
  side: Side
  file: FileOut | undefined
  uploads: readonly UploadItem[]
  queue: UploadQueue
  known: readonly FileOut[]
  onFiles: (files: File[]) => void
  onPick: (fileId: string) => void
  onClear: () => void
}

export const slotId = (side: Side) => `slot-${side}`

/** One side of step 1: a place to drop files, their uploads, and the file that is compared. */
export function FileSlot({ projectId, side, file, uploads, queue, known, onFiles, onPick, onClear }: Props) {
  const stored = uploads.flatMap((item) => item.stored?.id ?? [])
  const together = [...new Set([...(file ? [file.id] : []), ...stored])]
  const isEmpty = !file && uploads.length === 0
  return (
    <section id={slotId(side)} aria-label={text.side[side]} className="flex min-w-0 flex-col gap-2">
      <h3 className="text-12 font-medium text-muted">{text.side[side]}</h3>
      {isEmpty && <Empty side={side} onFiles={onFiles} />}
      {file && <Chosen file={file} onClear={onClear} />}
      {uploads.length > 0 && (
        <ul aria-label={text.upload.list[side]} className="flex flex-col gap-2">
          {uploads.map((item) => (
            <UploadRow
              key={item.id}
              item={item}
              queue={queue}
              onUse={(fileId) => {
                queue.remove(item.id)
                onPick(fileId)
              }}
            />
          ))}
        </ul>
      )}
      {together.length > 1 && (
        <Together
          projectId={projectId}
          fileIds={together}
          onCombined={(fileId) => {
            uploads.filter((item) => item.stored).forEach((item) => queue.remove(item.id))
            onPick(fileId)
          }}
        />
      )}
      {!isEmpty && (
        <DropZone label={text.upload.more[side]} onFiles={onFiles}>
          <span className="-my-3 text-12 text-muted">{text.upload.more[side]}</span>
        </DropZone>
      )}
      {!file && known.length > 0 && <Known side={side} files={known} onPick={onPick} />}
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
      className="h-8 w-full rounded-md border border-line-strong bg-surface px-2 text-13 text-ink"
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

function Chosen({ file, onClear }: { file: FileOut; onClear: () => void }) {
  return (
    <div className="flex items-center gap-2.5 rounded-md border border-line-strong bg-surface px-3 py-3">
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
  )
}
