import type { ConfidenceBin } from '@/api/generated'
import { classes } from '@/lib/classes'
import { formatCount, formatDecimal } from '@/lib/format'
import { text } from './text'

const HEIGHT_PIXELS = 120

/**
 * How many matches have which confidence. Bars are drawn on a square-root scale: the few doubtful ones are what people look for.
 * `confirmFrom` and `suggestFrom` colour the bars by what happens there.
 */
export function ConfidenceHistogram({
  bins,
  confirmFrom,
  suggestFrom = 0,
  onPick,
}: {
  bins: readonly ConfidenceBin[]
  confirmFrom?: number
  suggestFrom?: number
  onPick?: (bin: ConfidenceBin) => void
}) {
  const highest = Math.max(1, ...bins.map((bin) => Math.sqrt(bin.count)))
  const fill = (bin: ConfidenceBin) => {
    if (confirmFrom === undefined) return 'bg-accent-fill'
    if (bin.low >= confirmFrom) return 'bg-matched-solid'
    return bin.low >= suggestFrom ? 'bg-suggested-solid' : 'bg-excluded-solid'
  }
  return (
    <figure>
      <div className="flex items-end gap-1" style={{ height: HEIGHT_PIXELS }} aria-hidden={!onPick}>
        {bins.map((bin) => {
          const height = bin.count === 0 ? 1 : Math.max(3, (Math.sqrt(bin.count) / highest) * (HEIGHT_PIXELS - 20))
          const bar = (
            <>
              <span className="tabular text-12 text-muted">{bin.count > 0 ? formatCount(bin.count) : ''}</span>
              <span className={classes('w-full rounded-t-[2px]', bin.count === 0 ? 'bg-line' : fill(bin))} style={{ height }} />
            </>
          )
          const shape = 'flex h-full min-w-0 flex-1 flex-col items-center justify-end gap-0.5'
          return onPick ? (
            <button key={bin.low} type="button" className={classes(shape, 'hover:opacity-80')} aria-label={sentence(bin)} onClick={() => onPick(bin)}>
              {bar}
            </button>
          ) : (
            <div key={bin.low} className={shape} title={sentence(bin)}>
              {bar}
            </div>
          )
        })}
      </div>
      <div aria-hidden className="tabular mt-1 flex justify-between border-t border-line pt-1 text-12 text-muted">
        <span>{formatDecimal(bins[0]?.low ?? 0, 1)}</span>
        <span>{text.confidence}</span>
        <span>{formatDecimal(bins.at(-1)?.high ?? 1, 1)}</span>
      </div>
      <table className="sr-only">
        <caption>{text.confidence}</caption>
        <thead>
          <tr>
            <th scope="col">{text.from}</th>
            <th scope="col">{text.to}</th>
            <th scope="col">{text.matches}</th>
            <th scope="col">{text.expectedWrong}</th>
          </tr>
        </thead>
        <tbody>
          {bins.map((bin) => (
            <tr key={bin.low}>
              <td>{formatDecimal(bin.low, 2)}</td>
              <td>{formatDecimal(bin.high, 2)}</td>
              <td>{formatCount(bin.count)}</td>
              <td>{formatDecimal(bin.expected_wrong, 1)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  )
}

const sentence = (bin: ConfidenceBin) =>
  `${text.confidence} ${formatDecimal(bin.low, 2)} – ${formatDecimal(bin.high, 2)}: ${formatCount(bin.count)} ${text.matches.toLowerCase()}, ${text.expectedWrong.toLowerCase()} ${formatDecimal(bin.expected_wrong, 1)}`
