import type { ColumnOut, RangeBin } from '@/api/generated'
import { classes } from '@/lib/classes'
import { formatCount } from '@/lib/format'

import { text } from './text'

const WIDTH = 96
const HEIGHT = 24
const GAP = 1
const HEIGHT_MIN = 2
const HEIGHT_FAR_MIN = 5
const KEYS = new Set(['identifier', 'reference'])

/** The values of a column as a picture the size of a word: a histogram for what has an order, with far values in amber; else how much of the rows the most frequent values take, and whether a key repeats. */
export function ColumnShape({ column }: { column: ColumnOut }) {
  if (column.histogram.length > 0) return <Bars bins={column.histogram} />
  if (column.distinct > 0) return <Shares column={column} />
  return <span className="block shrink-0" style={{ width: WIDTH }} />
}

function Bars({ bins }: { bins: readonly RangeBin[] }) {
  const most = Math.max(...bins.map((bin) => bin.count))
  const step = WIDTH / bins.length
  return (
    <svg aria-hidden width={WIDTH} height={HEIGHT} className="block shrink-0">
      {bins.map((bin, place) => {
        const height = bin.count === 0 ? 0 : Math.max(bin.is_far ? HEIGHT_FAR_MIN : HEIGHT_MIN, (bin.count / most) * HEIGHT)
        return <rect key={bin.low} x={place * step} y={HEIGHT - height} width={step - GAP} height={height} rx={0.5} className={bin.is_far ? 'fill-suggested-solid' : 'fill-accent-fill'} />
      })}
      <line x1={0} x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} className="stroke-line-strong" />
    </svg>
  )
}

/** One bar of all filled rows, cut by the most frequent values; what is alone of its kind is the pale rest. */
function Shares({ column }: { column: ColumnOut }) {
  const all = column.distinct + column.duplicates
  const frequent = column.top_values.filter((one) => one.count > 1)
  // A key of which most values repeat is no key of rows, as the account of a statement is none.
  const isKeyRepeated = KEYS.has(column.role) && column.duplicates > 0 && column.duplicates < column.distinct
  return (
    <span className="block shrink-0" style={{ width: WIDTH }}>
      <span className={classes('tabular block truncate text-right text-12 leading-4', isKeyRepeated ? 'text-suggested' : 'text-muted')}>{captionOf(column, isKeyRepeated)}</span>
      <span aria-hidden className="flex h-1.5 gap-px overflow-hidden rounded-sm bg-line-strong/60">
        {frequent.map((one, place) => (
          <span key={one.label} className={classes('h-full', SHADES[place])} style={{ width: `${(one.count / all) * 100}%` }} />
        ))}
      </span>
    </span>
  )
}

function captionOf(column: ColumnOut, isKeyRepeated: boolean): string {
  if (column.duplicates === 0) return text.profile.allDifferent
  if (column.distinct === 1) return text.profile.allSame
  return isKeyRepeated ? text.profile.repeats(formatCount(column.duplicates)) : text.profile.different(formatCount(column.distinct))
}

const SHADES = ['bg-accent-fill', 'bg-accent-fill/75', 'bg-accent-fill/60', 'bg-accent-fill/45', 'bg-accent-fill/30']
