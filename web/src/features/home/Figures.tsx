import type { ReactNode } from 'react'
import { Link } from 'react-router'
import type { Overview } from '@/api/generated'
import { Sparkline } from '@/components/Sparkline'
import { formatCount, formatShare } from '@/lib/format'
import { text } from './text'

/** One row of numbers. */
export function Figures({ overview }: { overview: Overview }) {
  const rates = overview.trend.map((point) => point.match_rate_rows)
  const last = rates.at(-1)
  return (
    <dl className="grid grid-cols-2 overflow-hidden rounded-md border border-line bg-line gap-px desktop:grid-cols-4">
      <Figure name={text.toReview} value={formatCount(overview.waiting_suggestions)} />
      <Figure name={text.openExceptions} value={formatCount(overview.open_exceptions)} />
      <Figure name={text.projects} value={<Link to="/projects" className="rounded-sm hover:text-accent">{formatCount(overview.projects)}</Link>} />
      <Figure name={text.trend} value={last === undefined ? '–' : formatShare(last)}>
        {last !== undefined && <Sparkline label={text.trendLabel(formatShare(rates[0] ?? 0), formatShare(last))} values={rates} />}
      </Figure>
    </dl>
  )
}

function Figure({ name, value, children }: { name: string; value: ReactNode; children?: ReactNode }) {
  return (
    <div className="bg-surface px-4 py-3">
      <dt className="text-12 text-muted">{name}</dt>
      <dd className="mt-1 flex items-center justify-between gap-3">
        <span className="tabular text-28 font-semibold">{value}</span>
        {children}
      </dd>
    </div>
  )
}
