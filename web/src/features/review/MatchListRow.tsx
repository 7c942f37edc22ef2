import { AlertTriangle, Check, CircleDashed, Split, X } from 'lucide-react'
import { memo } from 'react'

import type { MatchRow } from '@/api/generated'
import { classes } from '@/lib/classes'
import { formatConfidence, formatMoney } from '@/lib/format'
import { isZero } from '@/lib/decimal'
import { wordFor } from '@/lib/vocabulary'

export const MATCH_ROW_PIXELS = 56

type Props = { row: MatchRow; isCurrent: boolean; isLost: boolean; isBlind?: boolean }

/** One match in two lines: how sure, what, how much; and below it the other side and what is odd about it. */
export const MatchListRow = memo(function MatchListRow({ row, isCurrent, isLost, isBlind = false }: Props) {
  return (
    <div
      className={classes(
        'flex h-full items-start gap-2.5 border-b border-l-2 border-line px-3 py-2 text-13',
        isCurrent ? 'border-l-accent bg-accent-soft' : 'border-l-transparent hover:bg-sunken',
        (isBlind ? row.decided_by !== null : row.status !== 'suggested') && !isCurrent && 'bg-canvas',
      )}
    >
      <StatusMark row={row} isLost={isLost} isBlind={isBlind} />
      <div className="min-w-0 flex-1">
        <div className="flex items-baseline gap-2">
          <span className="truncate font-medium text-ink">{row.left_label}</span>
          <span className="tabular ml-auto shrink-0 whitespace-nowrap">
            {row.amount !== null && formatMoney(row.amount)}
            {row.currency !== null && <span className="ml-1 text-12 text-muted">{row.currency}</span>}
          </span>
        </div>
        <div className="flex items-baseline gap-2 text-12 text-muted">
          <span className="truncate">{row.right_label}</span>
          <Tags row={row} isBlind={isBlind} />
        </div>
      </div>
    </div>
  )
})

type MarkProps = { row: MatchRow; isLost: boolean; isBlind: boolean }

/** How sure and how it stands; while the score is hidden only what a person decided. */
function StatusMark({ row, isLost, isBlind }: MarkProps) {
  const { Icon, colour, word } = isBlind && row.decided_by === null && !isLost ? UNDECIDED : markOf(row, isLost)
  if (isBlind) {
    return (
      <span className={`flex h-5 w-5 shrink-0 items-center ${colour}`}>
        <Icon size={14} aria-hidden="true" />
        <span className="sr-only">{word}</span>
      </span>
    )
  }
  return (
    <span className={`flex w-9 shrink-0 flex-col items-start ${colour}`}>
      <span className="tabular text-13 leading-5 font-medium text-ink">
        <span className="sr-only">Confidence </span>
        {formatConfidence(row.confidence)}
      </span>
      <Icon size={14} aria-hidden="true" />
      <span className="sr-only">{word}</span>
    </span>
  )
}

const UNDECIDED = { Icon: CircleDashed, colour: 'text-muted', word: 'Undecided' }

function markOf(row: MatchRow, isLost: boolean) {
  if (isLost) return { Icon: AlertTriangle, colour: 'text-conflict', word: `${wordFor('matchStatus', row.status)} by ${row.decided_by ?? 'someone else'} first` }
  if (row.status === 'confirmed') return { Icon: Check, colour: 'text-matched', word: wordFor('matchStatus', 'confirmed') }
  if (row.status === 'rejected') return { Icon: X, colour: 'text-conflict', word: wordFor('matchStatus', 'rejected') }
  return { Icon: CircleDashed, colour: 'text-suggested', word: wordFor('matchStatus', 'suggested') }
}

function Tags({ row, isBlind }: { row: MatchRow; isBlind: boolean }) {
  const isGroup = row.left_count + row.right_count > 2
  return (
    <span className="ml-auto flex shrink-0 items-baseline gap-2 whitespace-nowrap">
      {row.residual !== null && !isZero(row.residual) && (
        <span className="tabular">
          {formatMoney(row.residual)} {wordFor('residual', row.residual_reason ?? 'open')}
        </span>
      )}
      {isGroup && (
        <span className="tabular">
          {row.left_count} = {row.right_count}
        </span>
      )}
      {row.ambiguous && !isBlind && (
        <span className="inline-flex items-baseline gap-1 text-suggested">
          <Split size={12} aria-hidden="true" className="self-center" />
          ambiguous
        </span>
      )}
      {row.decided_by !== null && <span className="max-w-24 truncate">{row.decided_by}</span>}
    </span>
  )
}

/** A row that is on its way, in the layout of one that has come. */
export function MatchRowSkeleton() {
  return (
    <div className="flex h-full items-start gap-2.5 border-b border-line px-3 py-2.5" aria-hidden="true">
      <div className="skeleton h-4 w-9" />
      <div className="flex-1 space-y-2">
        <div className="skeleton h-3.5 w-3/5" />
        <div className="skeleton h-3 w-2/5" />
      </div>
      <div className="skeleton h-3.5 w-16" />
    </div>
  )
}
