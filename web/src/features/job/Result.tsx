import { useQuery } from '@tanstack/react-query'
import { ChevronRight } from 'lucide-react'
import { useState } from 'react'

import type { JobOut, JobSummary } from '@/api/generated'
import { jobSummaryQuery } from '@/api/jobs'
import { BalanceBars, MeasureChoice, type Measure } from '@/components/BalanceBar'
import { Card } from '@/components/Card'
import { ErrorState } from '@/components/ErrorState'
import { Figures, type Figure } from '@/components/Figures'
import { SaveRuleset } from '@/components/SaveRuleset'
import { Skeleton } from '@/components/Skeleton'
import { YamlText } from '@/components/YamlText'
import { formatCount, formatDuration, formatShare } from '@/lib/format'

import { ConfidenceCard } from './ConfidenceCard'
import { Downloads } from './Downloads'
import { ErrorBudget } from './ErrorBudget'
import { ExceptionTypes } from './ExceptionTypes'
import { Passes } from './Passes'
import { ProofLines } from './ProofLines'
import { text } from './text'

/** What came out: the figures, the proof that nothing was lost, how it came about, and what is still open. */
export function Result({ job }: { job: JobOut }) {
  const summary = useQuery(jobSummaryQuery(job.id))
  if (summary.error && !summary.data) return <ErrorState error={summary.error} onRetry={() => void summary.refetch()} />
  if (!summary.data) return <ResultSkeleton />
  const { data } = summary
  return (
    <>
      <div className="flex flex-col gap-3">
        <Figures figures={figuresOf(job.id, data)} />
        <Downloads jobId={job.id} />
      </div>
      <Balance job={job} summary={data} />
      <div className="grid gap-6 desktop:grid-cols-2">
        <Card title={text.passes}>
          <Passes summary={data} />
          {data.candidate_recall !== null && <p className="mt-3 border-t border-line pt-3 text-13 text-soft">{text.recall(formatShare(data.candidate_recall))}</p>}
        </Card>
        <ConfidenceCard jobId={job.id} summary={data} />
      </div>
      <ErrorBudget jobId={job.id} />
      <ExceptionTypes jobId={job.id} figures={data.exceptions} />
      <Timings seconds={data.timings_seconds} resultHash={job.result_hash} />
      <Fold title={text.ruleset}>
        <YamlText yaml={data.ruleset_yaml} actions={<SaveRuleset projectId={job.project_id} yaml={data.ruleset_yaml} />} />
      </Fold>
    </>
  )
}

function Balance({ job, summary }: { job: JobOut; summary: JobSummary }) {
  const [measure, setMeasure] = useState<Measure>('rows')
  return (
    <Card title={text.balance} action={<MeasureChoice sides={summary.sides} measure={measure} onChange={setMeasure} />}>
      <BalanceBars sides={summary.sides} names={{ left: job.left_file_name, right: job.right_file_name }} measure={measure} />
      <ProofLines summary={summary} />
    </Card>
  )
}

function figuresOf(jobId: string, summary: JobSummary): Figure[] {
  const { job } = summary
  return [
    { name: text.matchedRows, value: formatShare(summary.match_rate_rows) },
    ...(summary.match_rate_value === null ? [] : [{ name: text.matchedValue, value: formatShare(summary.match_rate_value) }]),
    { name: text.matches, value: formatCount(job.confirmed), to: `/jobs/${jobId}/review?status=confirmed` },
    { name: text.suggestions, value: formatCount(summary.undecided), to: `/jobs/${jobId}/review` },
    { name: text.openRecords, value: formatCount(job.exceptions), to: `/jobs/${jobId}/exceptions` },
  ]
}

function Fold({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <details className="group rounded-md border border-line bg-surface">
      <summary className="flex min-h-11 cursor-pointer list-none items-center gap-2 px-4 text-14 font-semibold">
        <ChevronRight aria-hidden size={16} className="text-muted group-open:rotate-90" />
        {title}
      </summary>
      <div className="border-t border-line p-4">{children}</div>
    </details>
  )
}

function Timings({ seconds, resultHash }: { seconds: Readonly<Record<string, number>>; resultHash: string | null }) {
  const longest = Math.max(...Object.values(seconds), 0.001)
  return (
    <Fold title={text.timings}>
      <table className="tabular w-full max-w-xl text-13">
        <caption className="sr-only">{text.timings}</caption>
        <tbody>
          {Object.entries(seconds).map(([stage, value]) => (
            <tr key={stage} className="h-7">
              <th scope="row" className="w-32 text-left font-normal text-soft">
                {stage}
              </th>
              <td aria-hidden>
                <div className="h-2 rounded-[2px] bg-accent-fill" style={{ width: `max(1px, ${(value / longest) * 100}%)` }} />
              </td>
              <td className="w-20 text-right">{formatDuration(value)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {resultHash !== null && (
        <p className="mt-3 text-12 text-muted">
          {text.resultHash} <code className="font-mono break-all select-all">{resultHash}</code>
        </p>
      )}
    </Fold>
  )
}

export function ResultSkeleton() {
  return (
    <>
      <Skeleton className="h-18 w-full" />
      <Skeleton className="h-64 w-full" />
      <div className="grid gap-6 desktop:grid-cols-2">
        <Skeleton className="h-72 w-full" />
        <Skeleton className="h-72 w-full" />
      </div>
    </>
  )
}
