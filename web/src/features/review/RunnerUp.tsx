import { useQuery } from '@tanstack/react-query'

import type { JobOut, MatchDetail, RecordOut } from '@/api/generated'
import { explanationQuery } from '@/api/matches'
import { formatConfidence, formatCount } from '@/lib/format'
import { wordFor } from '@/lib/vocabulary'

import { text } from './text'

/** The candidate that came second, how sure it would have been, and why it did not win. */
export function RunnerUp({ job, detail }: { job: JobOut; detail: MatchDetail }) {
  const rival = detail.runner_up
  if (!rival) return <p className="text-13 text-muted">{text.noRunnerUp}</p>
  const isOwn = (record: RecordOut) => detail[record.side].some((one) => one.row === record.row)
  return (
    <div className="text-13">
      <p>
        <span className="tabular font-medium">{formatConfidence(rival.confidence)}</span>
        {[rival.left, rival.right]
          .filter((record) => !isOwn(record))
          .map((record) => (
            <span key={record.side} className="ml-2 text-soft">
              {wordFor('side', record.side)} {text.row.toLowerCase()} {formatCount(record.row + 1)} · {summaryOf(record)}
            </span>
          ))}
      </p>
      <Why job={job} left={rival.left} right={rival.right} />
    </div>
  )
}

function Why({ job, left, right }: { job: JobOut; left: RecordOut; right: RecordOut }) {
  const { data } = useQuery({ ...explanationQuery(job.id, left.row, right.row), staleTime: Infinity })
  const reason = data?.reason ?? (data?.failed_step ? wordFor('failedStep', data.failed_step) : null)
  return reason === null ? null : <p className="mt-0.5 text-12 text-muted">{reason}</p>
}

function summaryOf(record: RecordOut): string {
  const filled = Object.values(record.values).filter((value) => value !== null && value !== '')
  return filled.slice(0, 4).join(' · ')
}
