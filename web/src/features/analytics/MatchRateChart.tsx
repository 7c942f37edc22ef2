import { Download } from 'lucide-react'
import { useLayoutEffect, useRef, useState, type RefObject } from 'react'
import { useNavigate } from 'react-router'
import type { TrendPoint } from '@/api/generated'
import { Card } from '@/components/Card'
import { Segmented } from '@/components/Tabs'
import { formatShare, formatTime } from '@/lib/format'
import { text } from './text'
import { trendCsv } from './trendCsv'

const HEIGHT_PIXELS = 260
const EDGE = { top: 16, right: 132, bottom: 32, left: 48 }

/** The match rate over the jobs, with the finding as its title, the lines named where they end, and the same as a table. */
export function MatchRateChart({ trend }: { trend: readonly TrendPoint[] }) {
  const [chosen, setShown] = useState<'chart' | 'table'>('chart')
  // One point is no line: until there are two, the table says more.
  const shown = trend.length > 1 ? chosen : 'table'
  const first = trend[0]?.match_rate_rows ?? 0
  const last = trend.at(-1)?.match_rate_rows ?? 0
  return (
    <Card
      title={text.chartTitle(formatShare(first), formatShare(last))}
      action={
        <>
          {trend.length > 1 && (
            <Segmented
              label={text.show}
              value={shown}
              onChange={setShown}
              options={[
                { value: 'chart', label: text.asChart },
                { value: 'table', label: text.asTable },
              ]}
            />
          )}
          <a
            href={`data:text/csv;charset=utf-8,${encodeURIComponent(trendCsv(trend))}`}
            download={text.csvName}
            className="inline-flex h-7 items-center gap-1.5 rounded-md px-2 text-13 font-medium text-soft hover:bg-sunken"
          >
            <Download aria-hidden size={14} />
            {text.csv}
          </a>
        </>
      }
    >
      <p className="mb-3 text-13 text-muted">{text.chartHint}</p>
      {shown === 'chart' ? <Chart trend={trend} /> : <Table trend={trend} />}
    </Card>
  )
}

function Chart({ trend }: { trend: readonly TrendPoint[] }) {
  const navigate = useNavigate()
  const frame = useRef<HTMLDivElement>(null)
  const width = useWidth(frame)
  const rates = trend.flatMap((point) => [point.match_rate_rows, point.auto_match_rate_rows])
  const low = Math.max(0, Math.floor((Math.min(...rates) - 0.02) * 10) / 10)
  const x = (index: number) => EDGE.left + (trend.length > 1 ? index / (trend.length - 1) : 0.5) * (width - EDGE.left - EDGE.right)
  const y = (rate: number) => EDGE.top + (1 - (rate - low) / (1 - low || 1)) * (HEIGHT_PIXELS - EDGE.top - EDGE.bottom)
  const ticks = [low, (low + 1) / 2, 1]
  const last = trend.length - 1
  const end = { matched: trend[last]?.match_rate_rows ?? 0, auto: trend[last]?.auto_match_rate_rows ?? 0 }
  const labels = apart(y(end.matched), y(end.auto))
  return (
    <div ref={frame}>
      <svg role="group" aria-label={text.chartHint} width={width} height={HEIGHT_PIXELS} className="block text-12">
        {ticks.map((tick) => (
          <g key={tick}>
            <line x1={EDGE.left} x2={width - EDGE.right} y1={y(tick)} y2={y(tick)} className="stroke-line" />
            <text x={EDGE.left - 8} y={y(tick) + 4} textAnchor="end" className="tabular fill-muted">
              {formatShare(tick, 0)}
            </text>
          </g>
        ))}
        <polyline points={trend.map((p, i) => `${x(i)},${y(p.auto_match_rate_rows)}`).join(' ')} fill="none" strokeWidth="1.5" strokeDasharray="4 4" className="stroke-muted" />
        <polyline points={trend.map((p, i) => `${x(i)},${y(p.match_rate_rows)}`).join(' ')} fill="none" strokeWidth="2" strokeLinejoin="round" className="stroke-accent" />
        {trend.map((point, index) => (
          <a
            key={point.job_id}
            href={`/jobs/${point.job_id}`}
            aria-label={`${point.job_name}: ${formatShare(point.match_rate_rows)}`}
            onClick={(event) => {
              event.preventDefault()
              void navigate(`/jobs/${point.job_id}`)
            }}
          >
            <title>{`${point.job_name} · ${formatShare(point.match_rate_rows)}`}</title>
            <circle cx={x(index)} cy={y(point.match_rate_rows)} r="14" fill="transparent" />
            <circle cx={x(index)} cy={y(point.match_rate_rows)} r="4" className="fill-surface stroke-accent" strokeWidth="2" />
          </a>
        ))}
        <text x={width - EDGE.right + 14} y={labels.upper} className="fill-accent font-semibold">
          {text.matchRate} {formatShare(end.matched)}
        </text>
        <text x={width - EDGE.right + 14} y={labels.lower} className="fill-muted">
          {text.autoRate}
        </text>
        {[0, last].filter((index, at) => at === 0 || index > 0).map((index) => (
          <text key={index} x={x(index)} y={HEIGHT_PIXELS - 8} textAnchor={index === 0 ? 'start' : 'end'} className="fill-muted">
            {trend[index]?.job_name.slice(0, 40)}
          </text>
        ))}
      </svg>
    </div>
  )
}

const WIDTH_PIXELS_START = 960

/** The width of an element in pixels, as it changes: a chart that is drawn to size keeps its letters readable. */
function useWidth(frame: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(WIDTH_PIXELS_START)
  useLayoutEffect(() => {
    const element = frame.current
    if (!element) return
    const observer = new ResizeObserver(() => setWidth(element.clientWidth || WIDTH_PIXELS_START))
    observer.observe(element)
    return () => observer.disconnect()
  }, [frame])
  return width
}

const LABEL_PIXELS = 18

/** The heights of two labels, moved apart where they would touch. */
function apart(upper: number, lower: number): { upper: number; lower: number } {
  const gap = Math.max(0, LABEL_PIXELS - (lower - upper)) / 2
  return { upper: upper + 4 - gap, lower: lower + 4 + gap }
}

function Table({ trend }: { trend: readonly TrendPoint[] }) {
  return (
    <table className="w-full text-13">
      <thead className="text-left text-12 text-muted">
        <tr className="border-b border-line">
          <th scope="col" className="py-2 font-medium">{text.job}</th>
          <th scope="col" className="py-2 font-medium">{text.finished}</th>
          <th scope="col" className="py-2 text-right font-medium">{text.matchRate}</th>
          <th scope="col" className="py-2 text-right font-medium">{text.autoRate}</th>
        </tr>
      </thead>
      <tbody>
        {trend.map((point) => (
          <tr key={point.job_id} className="border-b border-line last:border-b-0">
            <th scope="row" className="py-2 text-left font-medium">{point.job_name}</th>
            <td className="py-2 text-soft">{formatTime(point.finished_at)}</td>
            <td className="tabular py-2 text-right">{formatShare(point.match_rate_rows)}</td>
            <td className="tabular py-2 text-right text-soft">{formatShare(point.auto_match_rate_rows)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
