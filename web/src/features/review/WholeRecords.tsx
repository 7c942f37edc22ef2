import { ChevronDown, ChevronRight } from 'lucide-react'

import type { MatchDetail, RecordOut } from '@/api/generated'
import { formatCount } from '@/lib/format'
import { wordFor } from '@/lib/vocabulary'

import { text } from './text'

type Props = { detail: MatchDetail; isOpen: boolean; onOpenChange: (isOpen: boolean) => void }

/** Every column of the first records as they stand in their files, folded until asked for. */
export function WholeRecords({ detail, isOpen, onOpenChange }: Props) {
  const Chevron = isOpen ? ChevronDown : ChevronRight
  const records = [detail.left[0], detail.right[0]].filter((record) => record !== undefined)
  return (
    <section className="mt-4">
      <h3>
        <button
          type="button"
          aria-expanded={isOpen}
          onClick={() => onOpenChange(!isOpen)}
          className="-ml-1 inline-flex items-center gap-1 rounded-sm px-1 text-12 font-semibold text-soft hover:text-ink"
        >
          <Chevron aria-hidden size={14} />
          {text.wholeRecords}
        </button>
      </h3>
      {isOpen && (
        <div className="mt-2 grid grid-cols-2 gap-4">
          {records.map((record) => (
            <Columns key={record.side} record={record} />
          ))}
        </div>
      )}
    </section>
  )
}

function Columns({ record }: { record: RecordOut }) {
  return (
    <dl className="min-w-0 text-13">
      <div className="mb-1 text-12 text-muted">
        {wordFor('side', record.side)}, {text.row.toLowerCase()} {formatCount(record.row + 1)}
      </div>
      {Object.entries(record.values).map(([name, value]) => (
        <div key={name} className="border-b border-line py-1">
          <dt className="text-12 text-muted">{name}</dt>
          <dd className="m-0 [overflow-wrap:anywhere]">{value === null || value === '' ? '–' : value}</dd>
        </div>
      ))}
    </dl>
  )
}
