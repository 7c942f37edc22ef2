import type { FieldComparison, MatchDetail, RecordOut } from '@/api/generated'
import { wordFor } from '@/lib/vocabulary'

import { text } from './text'

/** What the first records say beyond the paired fields: a memo or a document number often settles what the pairs leave open. */
export function OtherColumns({ detail }: { detail: MatchDetail }) {
  const sides = [detail.left[0], detail.right[0]].filter((record) => record !== undefined)
  const rest = sides.map((record) => ({ record, columns: unpaired(record, detail.fields) }))
  if (rest.every(({ columns }) => columns.length === 0)) return null
  return (
    <div className="mt-3 flex text-13" role="group" aria-label={text.otherColumns}>
      <span className="w-[19%] shrink-0 pr-3 text-muted">{text.alsoThere}</span>
      {rest.map(({ record, columns }) => (
        <dl key={record.side} aria-label={wordFor('side', record.side)} className="min-w-0 flex-1 space-y-1 pr-3">
          {columns.map(([name, value]) => (
            <div key={name} className="flex flex-wrap gap-x-2">
              <dt className="text-12 leading-5 text-muted">{name}</dt>
              <dd className="m-0 min-w-0 [overflow-wrap:anywhere]">{value}</dd>
            </div>
          ))}
        </dl>
      ))}
    </div>
  )
}

/** The wire names paired fields, not their columns: a column whose very text stands above already has been shown. */
function unpaired(record: RecordOut, fields: readonly FieldComparison[]): [string, string][] {
  const shown = new Set(fields.map((field) => field[record.side]))
  return Object.entries(record.values).filter((entry): entry is [string, string] => entry[1] !== null && entry[1] !== '' && !shown.has(entry[1]))
}
