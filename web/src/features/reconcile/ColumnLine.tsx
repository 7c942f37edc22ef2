import { TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'

import type { ColumnOut } from '@/api/generated'
import { classes } from '@/lib/classes'
import { formatCount, formatShare } from '@/lib/format'
import { wordFor } from '@/lib/vocabulary'

import { ColumnShape } from './ColumnShape'
import { columnValue } from './columnValue'
import { text } from './text'

export const COLUMN_ROW_PIXELS = 60
const SAMPLES_SHOWN = 3

type Props = {
  column: ColumnOut
  /** Its row in the grid, counted from 0, and how far from the top of it. */
  place: number
  top: number
  tabIndex: number
  isPaired: boolean
  isRight?: boolean
  onFocus: () => void
  onOpen: () => void
  children?: ReactNode
}

/** One column as it was understood: name, role, how full, from where to where, its shape, warnings. All lines are of one height, so that pairs can be drawn between them. */
export function ColumnLine({ column, place, top, tabIndex, isPaired, isRight = false, onFocus, onOpen, children }: Props) {
  return (
    <div
      role="row"
      aria-rowindex={place + 1}
      data-index={place}
      data-column={column.name}
      data-side={isRight ? 'right' : 'left'}
      onFocus={onFocus}
      style={{ height: COLUMN_ROW_PIXELS, top }}
      className={classes('absolute inset-x-0 flex items-center gap-3 border-b border-line px-2', isRight ? 'border-l pl-4' : 'border-r pr-4', isPaired ? 'bg-surface' : 'bg-canvas')}
    >
      <div role="gridcell" className="flex min-w-0 flex-1 items-center gap-3">
        <div className="min-w-0 flex-1">
          <p className="flex items-baseline gap-2 text-13">
            <button
              type="button"
              tabIndex={tabIndex}
              aria-label={text.profile.open(column.name)}
              onClick={onOpen}
              className={classes('min-w-0 truncate rounded-sm text-left font-medium underline-offset-2 hover:underline', !isPaired && 'text-muted')}
            >
              {column.name}
            </button>
            <span className="min-w-0 shrink-[6] truncate text-12 text-muted">{kindOf(column)}</span>
            {column.warnings.length > 0 && <Warnings warnings={column.warnings} />}
          </p>
          <p className="tabular flex items-center gap-2 text-12 text-muted">
            {column.distinct > 0 && <FillBar share={column.filled} distinct={column.distinct} />}
            <span className="truncate">{rangeOf(column)}</span>
          </p>
        </div>
        <span className="hidden desktop:block">
          <ColumnShape column={column} />
        </span>
      </div>
      {children && (
        <div role="gridcell" className="flex shrink-0 items-center gap-3">
          {children}
        </div>
      )}
    </div>
  )
}

/** From the least to the most where values have an order, else a few of them. */
function rangeOf(column: ColumnOut): string {
  if (column.histogram.length === 0 || column.minimum === null || column.maximum === null) return column.samples.slice(0, SAMPLES_SHOWN).join(' · ')
  return `${columnValue(column, column.minimum)} … ${columnValue(column, column.maximum)}`
}

function kindOf(column: ColumnOut): string {
  const role = wordFor('role', column.role)
  return column.role === column.type || column.role === 'other' ? wordFor('role', column.type) : role
}

function FillBar({ share, distinct }: { share: number; distinct: number }) {
  const words = `${text.filled(formatShare(share, 0))}, ${text.distinct(formatCount(distinct))}`
  return (
    <span title={words} className="h-1.5 w-8 shrink-0 overflow-hidden rounded-full bg-sunken ring-1 ring-line ring-inset">
      <span className="block h-full bg-matched-solid" style={{ width: `${share * 100}%` }} />
      <span className="sr-only">{words}</span>
    </span>
  )
}

function Warnings({ warnings }: { warnings: readonly string[] }) {
  return (
    <span title={warnings.join('\n')} className="shrink-0 self-center text-suggested">
      <TriangleAlert aria-hidden size={14} />
      <span className="sr-only">{warnings.join('. ')}</span>
    </span>
  )
}
