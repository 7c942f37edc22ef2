import type { EvidenceOut, FieldComparison } from '@/api/generated'
import { isDecimal } from '@/lib/decimal'
import { fieldDelta, isIsoDay, isMoneyRole, type FieldDelta } from '@/lib/fieldDelta'
import { formatDate, formatMoney } from '@/lib/format'
import { textDifference, type Segment } from '@/lib/textDifference'
import { wordFor } from '@/lib/vocabulary'
import { TextDifference } from './TextDifference'

type Props = {
  fields: readonly FieldComparison[]
  evidence: readonly EvidenceOut[]
  leftName: string
  rightName: string
}

/** The paired fields of two records side by side, with what stands between the values in the last column. */
export function FieldComparisonTable({ fields, evidence, leftName, rightName }: Props) {
  return (
    <table className="w-full table-fixed border-collapse text-13">
      <caption className="sr-only">The two records, field by field</caption>
      <thead>
        <tr className="border-b border-line text-left text-12 text-muted">
          <th scope="col" className="w-32 py-1.5 pr-3 font-medium">
            Field
          </th>
          <th scope="col" className="truncate py-1.5 pr-3 font-medium" title={leftName}>
            Left · {leftName}
          </th>
          <th scope="col" className="truncate py-1.5 pr-3 font-medium" title={rightName}>
            Right · {rightName}
          </th>
          <th scope="col" className="w-20 py-1.5 text-right font-medium">
            Difference
          </th>
        </tr>
      </thead>
      <tbody>
        {fields.map((field) => (
          <FieldLine key={field.name} field={field} similarity={similarityOf(field, evidence)} />
        ))}
      </tbody>
    </table>
  )
}

function similarityOf(field: FieldComparison, evidence: readonly EvidenceOut[]): number | null {
  return evidence.find((one) => one.field === field.name)?.similarity ?? null
}

function FieldLine({ field, similarity }: { field: FieldComparison; similarity: number | null }) {
  const delta = fieldDelta(field, similarity)
  const { left, right } = shownValues(field, delta)
  const align = isMoneyRole(field.role) ? 'tabular text-right' : ''
  return (
    <tr className="border-b border-line align-top">
      <th scope="row" className="py-1.5 pr-3 text-left text-12 leading-5 font-normal text-muted" title={wordFor('role', field.role)}>
        <span className="block [overflow-wrap:anywhere] hyphens-auto">{field.name}</span>
      </th>
      <td className={`py-1.5 pr-3 ${align}`}>{left}</td>
      <td className={`py-1.5 pr-3 ${align}`}>{right}</td>
      <td className={`tabular py-1.5 text-right whitespace-nowrap ${DELTA_CLASS[delta.kind]}`}>
        <span aria-hidden="true">{delta.text}</span>
        <span className="sr-only">{delta.words}</span>
      </td>
    </tr>
  )
}

const DELTA_CLASS: Readonly<Record<FieldDelta['kind'], string>> = {
  equal: 'text-muted',
  similar: 'text-suggested',
  different: 'font-medium text-conflict',
  missing: 'text-muted',
}

function shownValues(field: FieldComparison, delta: FieldDelta) {
  if (field.left === null || field.right === null) return { left: <Value text={field.left} />, right: <Value text={field.right} /> }
  const [left, right] = [readable(field.role, field.left), readable(field.role, field.right)]
  if (isMoneyRole(field.role) || isIsoDay(field.left) || delta.kind === 'equal') {
    return { left: <Whole text={left} kind={delta.kind} />, right: <Whole text={right} kind={delta.kind} /> }
  }
  const difference = textDifference(left, right)
  return { left: <TextDifference segments={difference.left} />, right: <TextDifference segments={difference.right} /> }
}

/** Amounts and days differ as a whole: marking one digit of 1,198.50 would say less than the difference beside it. */
function Whole({ text, kind }: { text: string; kind: FieldDelta['kind'] }) {
  const segments: Segment[] = [{ text, kind: kind === 'equal' ? 'equal' : 'different' }]
  return <TextDifference segments={segments} />
}

function Value({ text }: { text: string | null }) {
  return text === null ? <span className="text-muted italic">no value</span> : <span className="break-words">{text}</span>
}

function readable(role: string, text: string): string {
  if (isMoneyRole(role) && isDecimal(text)) return formatMoney(text)
  return isIsoDay(text) && text.length === 10 ? formatDate(text) : text
}
