import type { ChangeOut, MatchStatus, PairChange } from '@/api/generated'
import { MatchStatusBadge } from '@/components/Badge'
import { Confidence, Money } from '@/components/Value'
import { formatCount } from '@/lib/format'

import { text } from './text'

const STATUSES: readonly MatchStatus[] = ['confirmed', 'suggested', 'rejected']

/** The largest pairs of one kind of change: both records, and how they stood to each other before and now. */
export function PairTable({ change, label }: { change: ChangeOut; label: string }) {
  if (change.pairs === 0) return <p className="mt-4 text-13 text-muted">{text.nothing}</p>
  const hasAmounts = change.largest.some((pair) => pair.amount !== null)
  return (
    <div className="mt-3 overflow-x-auto rounded-md border border-line bg-surface">
      <table className="tabular w-full text-13">
        <caption className="sr-only">{label}</caption>
        <thead>
          <tr className="border-b border-line text-left text-12 text-muted">
            <th scope="col" className="px-4 py-2 font-medium">
              {text.columns.left}
            </th>
            <th scope="col" className="px-4 py-2 font-medium">
              {text.columns.right}
            </th>
            {hasAmounts && (
              <th scope="col" className="px-4 py-2 text-right font-medium">
                {text.columns.amount}
              </th>
            )}
            <th scope="col" className="px-4 py-2 font-medium">
              {text.columns.before}
            </th>
            <th scope="col" className="px-4 py-2 font-medium">
              {text.columns.after}
            </th>
          </tr>
        </thead>
        <tbody>
          {change.largest.map((pair) => (
            <Line key={`${pair.left_row} ${pair.right_row}`} pair={pair} hasAmounts={hasAmounts} />
          ))}
        </tbody>
      </table>
      {change.largest.length < change.pairs && (
        <p className="border-t border-line px-4 py-2 text-12 text-muted">{text.largest(formatCount(change.largest.length), formatCount(change.pairs))}</p>
      )}
    </div>
  )
}

function Line({ pair, hasAmounts }: { pair: PairChange; hasAmounts: boolean }) {
  return (
    <tr className="border-b border-line align-top last:border-b-0">
      <RecordCell row={pair.left_row} label={pair.left_label} />
      <RecordCell row={pair.right_row} label={pair.right_label} />
      {hasAmounts && (
        <td className="px-4 py-2 text-right">
          <Money amount={pair.amount} currency={pair.currency} />
        </td>
      )}
      <StandingCell status={pair.status_before} confidence={pair.confidence_before} />
      <StandingCell status={pair.status_after} confidence={pair.confidence_after} />
    </tr>
  )
}

function RecordCell({ row, label }: { row: number; label: string }) {
  return (
    <td className="px-4 py-2">
      <span className="[overflow-wrap:anywhere]">{label}</span> <span className="text-12 text-muted">{formatCount(row + 1)}</span>
    </td>
  )
}

function StandingCell({ status, confidence }: { status: string | null; confidence: number | null }) {
  const known = STATUSES.find((one) => one === status)
  return (
    <td className="px-4 py-2 whitespace-nowrap">
      {known && confidence !== null ? (
        <span className="inline-flex items-center gap-2">
          <Confidence value={confidence} />
          <MatchStatusBadge status={known} />
        </span>
      ) : (
        <span className="text-muted">{text.open}</span>
      )}
    </td>
  )
}
