import type { SideFigures } from '@/api/generated'
import { formatCount, formatMoney, formatShare } from '@/lib/format'
import { classes } from '@/lib/classes'
import { RECORD_LOOKS, type RecordStatus } from './Badge'
import { Segmented } from './Tabs'
import { text } from './text'

const PARTS = ['matched', 'suggested', 'open', 'excluded', 'rejected'] as const satisfies readonly RecordStatus[]
type Part = (typeof PARTS)[number]
export type Measure = 'rows' | 'sums'

const FILLS: Record<Part, string> = {
  matched: 'bg-matched-solid',
  suggested: 'bg-suggested-solid',
  open: 'bg-open-solid',
  excluded: 'bg-excluded-solid',
  rejected: 'bg-rejected-solid hatched',
}

/** Where every record of the input went, one bar a side and currency, by count or by value. Its legend is the table a screen reader reads. */
export function BalanceBars({ sides, names, measure }: { sides: readonly SideFigures[]; names: { left: string; right: string }; measure: Measure }) {
  return (
    <div className="flex flex-col gap-5">
      {sides.map((side) => (
        <BalanceBar
          key={`${side.side} ${side.currency}`}
          side={side}
          measure={side.sums.input === undefined ? 'rows' : measure}
          name={side.side === 'left' ? names.left : names.right}
        />
      ))}
    </div>
  )
}

/** By count or by value; nothing where no side has amounts. */
export function MeasureChoice({ sides, measure, onChange }: { sides: readonly SideFigures[]; measure: Measure; onChange: (measure: Measure) => void }) {
  if (sides.every((side) => Object.keys(side.sums).length === 0)) return null
  return (
    <Segmented
      label={text.measure}
      value={measure}
      onChange={onChange}
      options={[
        { value: 'rows', label: text.byCount },
        { value: 'sums', label: text.byValue },
      ]}
    />
  )
}

export function BalanceBar({ side, name, measure }: { side: SideFigures; name: string; measure: Measure }) {
  const shown = (part: string) =>
    measure === 'rows' ? formatCount(side.rows[part] ?? 0) : formatMoney(side.sums[part] ?? '0')
  const sizes = PARTS.map((part) => ({ part, size: sizeOf(side, part, measure) }))
  const whole = sizes.reduce((sum, { size }) => sum + size, 0)
  const caption = `${name}${side.currency ? `, ${side.currency}` : ''}`
  return (
    <div>
      <div className="mb-1.5 flex items-baseline justify-between gap-4">
        <p className="truncate text-13 font-medium">{name}</p>
        <p className="tabular text-13 text-soft">
          {shown('input')} <span className="text-12 text-muted">{measure === 'rows' ? text.rows.other : side.currency}</span>
        </p>
      </div>
      <div aria-hidden className="flex h-6 gap-px overflow-hidden rounded-sm bg-sunken">
        {sizes.map(({ part, size }) =>
          size > 0 ? (
            <div key={part} className={FILLS[part]} style={{ flex: `${size} 0 0`, minWidth: 3 }} title={`${RECORD_LOOKS[part].word} ${shown(part)}`} />
          ) : null,
        )}
      </div>
      <table className="mt-2 block">
        <caption className="sr-only">{caption}</caption>
        <thead className="sr-only">
          <tr>
            <th scope="col">{text.part}</th>
            <th scope="col">{measure === 'rows' ? text.rowsHeading : text.sumHeading}</th>
            <th scope="col">{text.share}</th>
          </tr>
        </thead>
        <tbody className="flex flex-wrap gap-x-5 gap-y-1 text-12">
          {sizes.map(({ part, size }) =>
            size > 0 || part === 'matched' ? (
              <tr key={part} className="flex items-center gap-1.5">
                <th scope="row" className="flex items-center gap-1.5 font-normal text-soft">
                  <span aria-hidden className={classes('size-2.5 rounded-[2px]', FILLS[part])} />
                  {RECORD_LOOKS[part].word}
                </th>
                <td className="tabular font-medium">{shown(part)}</td>
                <td className="tabular text-muted">{whole > 0 ? formatShare(size / whole) : ''}</td>
              </tr>
            ) : null,
          )}
        </tbody>
      </table>
    </div>
  )
}

/** Only for the width of a bar: the shown figure stays the exact string. */
function sizeOf(side: SideFigures, part: Part, measure: Measure): number {
  return measure === 'rows' ? (side.rows[part] ?? 0) : Math.abs(Number(side.sums[part] ?? 0))
}
