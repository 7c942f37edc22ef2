import type { FieldComparison, RecordOut } from '@/api/generated'
import { textDifference, type Segment } from '@/lib/textDifference'
import { wordFor } from '@/lib/vocabulary'
import { text } from './text'
import { TextDifference } from './TextDifference'

type Column = readonly [name: string, value: string]

type Props = { left: RecordOut | undefined; right: RecordOut | undefined; fields: readonly FieldComparison[] }

/** What two records say beyond the paired fields, below a FieldComparisonTable: a memo or a document number often settles what the pairs leave open. */
export function OtherColumns({ left: leftRecord, right: rightRecord, fields }: Props) {
  const left = unpaired(leftRecord, fields)
  const right = unpaired(rightRecord, fields)
  if (left.length + right.length === 0) return null
  return (
    <div className="mt-2 grid grid-cols-[8rem_minmax(0,1fr)_minmax(0,1fr)_5rem] text-13" role="group" aria-label={text.otherColumns}>
      <span className="pr-3 text-12 leading-5 text-muted">{text.alsoThere}</span>
      <Columns side="left" columns={left} others={right} />
      <Columns side="right" columns={right} others={left} />
    </div>
  )
}

function Columns({ side, columns, others }: { side: 'left' | 'right'; columns: readonly Column[]; others: readonly Column[] }) {
  return (
    <dl aria-label={wordFor('side', side)} className="min-w-0 space-y-1 pr-3">
      {columns.map(([name, value]) => (
        <div key={name}>
          <dt className="text-12 text-muted">{name}</dt>
          <dd className="m-0">
            <TextDifference segments={markedBeside(value, others)} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** The wire names paired fields, not their columns: a column whose very text stands above already has been shown. */
function unpaired(record: RecordOut | undefined, fields: readonly FieldComparison[]): Column[] {
  if (!record) return []
  const shown = new Set(fields.map((field) => field[record.side]))
  return Object.entries(record.values).filter((entry): entry is [string, string] => entry[1] !== null && entry[1] !== '' && !shown.has(entry[1]))
}

const SHARED_CHARACTERS_MIN = 5

/** A text marked against the text of the other side that shares most with it; plain where none shares enough to be the same thing. */
function markedBeside(value: string, others: readonly Column[]): readonly Segment[] {
  const compared = others.map(([, other]) => textDifference(value, other).left)
  const best = compared.reduce<readonly Segment[]>((most, one) => (shared(one) > shared(most) ? one : most), [])
  return shared(best) >= SHARED_CHARACTERS_MIN ? best : [{ text: value, kind: 'equal' }]
}

function shared(segments: readonly Segment[]): number {
  return segments.reduce((sum, { text, kind }) => (kind === 'different' ? sum : sum + text.replace(/[^\p{L}\p{N}]/gu, '').length), 0)
}
