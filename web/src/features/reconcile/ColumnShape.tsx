import type { ColumnOut, RangeBin } from '@/api/generated'
import { classes } from '@/lib/classes'

const WIDTH = 96
const HEIGHT = 24
const GAP = 1

/** The values of a column as a picture the size of a word: a histogram for what has an order, with far values in amber; else how much of the rows the most frequent values take. */
export function ColumnShape({ column }: { column: ColumnOut }) {
  if (column.histogram.length > 0) return <Bars bins={column.histogram} />
  if (column.top_values.length > 0 && column.distinct > 0) return <Shares column={column} />
  return <span className="block shrink-0" style={{ width: WIDTH }} />
}

function Bars({ bins }: { bins: readonly RangeBin[] }) {
  const most = Math.max(...bins.map((bin) => bin.count))
  const step = WIDTH / bins.length
  return (
    <svg aria-hidden width={WIDTH} height={HEIGHT} className="block shrink-0">
      {bins.map((bin, place) => {
        const height = bin.count === 0 ? 0 : Math.max(2, (bin.count / most) * HEIGHT)
        return <rect key={bin.low} x={place * step} y={HEIGHT - height} width={step - GAP} height={height} rx={0.5} className={bin.is_far ? 'fill-suggested-solid' : 'fill-accent-fill'} />
      })}
      <line x1={0} x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} className="stroke-line-strong" />
    </svg>
  )
}

/** One bar of all filled rows, cut by the most frequent values; what is alone of its kind is the pale rest. */
function Shares({ column }: { column: ColumnOut }) {
  const total = column.top_values.reduce((sum, one) => sum + one.count, 0)
  const all = Math.max(total, filledRows(column))
  const frequent = column.top_values.filter((one) => one.count > 1)
  return (
    <span aria-hidden className="flex h-2 shrink-0 gap-px overflow-hidden rounded-sm bg-line" style={{ width: WIDTH }}>
      {frequent.map((one, place) => (
        <span key={one.label} className={classes('h-full', SHADES[place])} style={{ width: `${(one.count / all) * 100}%` }} />
      ))}
    </span>
  )
}

const SHADES = ['bg-accent-fill', 'bg-accent-fill/75', 'bg-accent-fill/60', 'bg-accent-fill/45', 'bg-accent-fill/30']

/** Rows with a value: every row but the first of its value repeats one. */
const filledRows = (column: ColumnOut) => column.distinct + column.duplicates
