import { TriangleAlert } from 'lucide-react'

import { isBeingRead } from '@/api/files'
import type { FileOut } from '@/api/generated'
import { Button } from '@/components/Button'
import { Skeleton } from '@/components/Skeleton'
import { formatPlural } from '@/lib/format'

import { Evidence } from './Evidence'
import { Questions } from './Questions'
import { RowErrors } from './RowErrors'
import { Settled } from './Settled'
import { text } from './text'

/** How one file was read: why one may trust it, what it asks, what was left out; or why it cannot be taken. */
export function SideReading({ file, onClear }: { file: FileOut; onClear: () => void }) {
  if (isBeingRead(file)) return <Reading file={file} />
  if (file.status === 'rejected') return <Rejected file={file} onClear={onClear} />
  return (
    <div className="min-w-0 text-13">
      <p className="flex items-baseline gap-2">
        <span className="truncate text-14 font-semibold">{file.name}</span>
        {file.status === 'ready' && <span className="tabular shrink-0 text-12 text-muted">{formatPlural(file.rows_imported, text.rows)}</span>}
      </p>
      <Evidence file={file} />
      {file.warnings.length > 0 && <Warnings warnings={file.warnings} />}
      <Settled file={file} />
      {file.status === 'question' && <Questions key={file.questions.map((one) => one.key).join()} file={file} />}
      {file.rows_rejected > 0 && <RowErrors file={file} />}
    </div>
  )
}

function Warnings({ warnings }: { warnings: readonly string[] }) {
  return (
    <ul className="mt-2 space-y-1">
      {warnings.map((warning) => (
        <li key={warning} className="flex items-start gap-1.5 text-suggested">
          <TriangleAlert aria-hidden size={14} className="mt-0.5 shrink-0" />
          <span className="min-w-0 break-words">{warning}</span>
        </li>
      ))}
    </ul>
  )
}

function Reading({ file }: { file: FileOut }) {
  return (
    <div role="status" className="min-w-0">
      <p className="truncate text-14 font-semibold">{file.name}</p>
      <p className="text-12 text-muted">{file.status === 'stored' ? text.waiting : text.reading}</p>
      <Skeleton className="mt-3 h-24 w-full" />
    </div>
  )
}

function Rejected({ file, onClear }: { file: FileOut; onClear: () => void }) {
  return (
    <div role="alert" className="rounded-md bg-conflict-soft p-4 text-13">
      <p className="font-semibold text-conflict">{text.rejectedTitle(file.name)}</p>
      <p className="mt-1 break-words">{file.error}</p>
      <p className="mt-1 text-soft">{text.rejectedHint}</p>
      <Settled file={file} />
      <Button size="small" className="mt-3" onClick={onClear}>
        {text.chooseAnother}
      </Button>
    </div>
  )
}
