import { Link } from 'react-router'
import type { JobOut, TrendPoint } from '@/api/generated'
import { JobStatusBadge, RECORD_LOOKS } from '@/components/Badge'
import { Ago } from '@/components/Value'
import { classes } from '@/lib/classes'
import { formatCount, formatShare } from '@/lib/format'
import { text } from './text'

/** The last results as cards. */
export function RecentResults({ jobs, trend }: { jobs: readonly JobOut[]; trend: readonly TrendPoint[] }) {
  if (jobs.length === 0) return null
  return (
    <section>
      <div className="mb-3 flex items-baseline justify-between">
        <h2 className="text-14 font-semibold">{text.recent}</h2>
        <Link to="/analytics" className="rounded-sm text-13 text-accent hover:underline">
          {text.all}
        </Link>
      </div>
      <ul className="grid gap-4 tablet:grid-cols-2 wide:grid-cols-3">
        {jobs.map((job) => (
          <ResultCard key={job.id} job={job} rate={trend.find((point) => point.job_id === job.id)?.match_rate_rows} />
        ))}
      </ul>
    </section>
  )
}

function ResultCard({ job, rate }: { job: JobOut; rate: number | undefined }) {
  return (
    <li>
      <Link to={`/jobs/${job.id}`} className="flex h-full flex-col gap-3 rounded-md border border-line bg-surface p-4 hover:border-line-strong">
        <span className="flex items-start justify-between gap-3">
          <span className="min-w-0">
            <span className="block truncate text-14 font-medium" title={job.name}>{job.name}</span>
            <span className="flex gap-1 text-12 text-muted">
              <span className="truncate">{job.project_name}</span> · <Ago time={job.finished_at ?? job.created_at} />
            </span>
          </span>
          <JobStatusBadge status={job.status} />
        </span>
        {job.status === 'done' ? <Figures job={job} rate={rate} /> : <span className="line-clamp-3 text-13 text-soft">{job.error ?? text.cancelled}</span>}
      </Link>
    </li>
  )
}

const PARTS = [
  { key: 'confirmed', word: text.confirmed, look: RECORD_LOOKS.matched, colour: 'text-matched', fill: 'bg-matched-solid' },
  { key: 'suggested', word: text.suggested, look: RECORD_LOOKS.suggested, colour: 'text-suggested', fill: 'bg-suggested-solid' },
  { key: 'exceptions', word: text.exceptions, look: RECORD_LOOKS.open, colour: 'text-open', fill: 'bg-open-solid' },
] as const

function Figures({ job, rate }: { job: JobOut; rate: number | undefined }) {
  return (
    <span className="mt-auto flex flex-col gap-3">
      {rate !== undefined && (
        <span className="flex items-baseline gap-2">
          <span className="tabular text-28 font-semibold">{formatShare(rate)}</span>
          <span className="text-12 text-muted">{text.matched}</span>
        </span>
      )}
      <span aria-hidden className="flex h-1.5 gap-px overflow-hidden rounded-full bg-sunken">
        {PARTS.map(({ key, fill }) => (job[key] > 0 ? <span key={key} className={fill} style={{ flex: `${job[key]} 0 0`, minWidth: 2 }} /> : null))}
      </span>
      <span className="flex flex-wrap gap-x-4 gap-y-1 text-12 text-soft">
        {PARTS.map(({ key, word, look, colour }) => (
          <span key={key} className="flex items-center gap-1">
            <look.icon aria-hidden size={12} strokeWidth={2.25} className={classes('shrink-0', colour)} />
            <span className="tabular font-medium text-ink">{formatCount(job[key])}</span> {word.toLowerCase()}
          </span>
        ))}
      </span>
    </span>
  )
}
