import { useQuery } from '@tanstack/react-query'
import { Split } from 'lucide-react'
import { memo } from 'react'

import type { FieldComparison, JobOut, MatchDetail, MatchRow } from '@/api/generated'
import { matchQuery } from '@/api/matches'
import { Badge, MatchStatusBadge } from '@/components/Badge'
import { CommandButton } from '@/components/CommandButton'
import { ErrorState } from '@/components/ErrorState'
import { EvidenceWaterfall } from '@/components/EvidenceWaterfall'
import { FieldComparisonTable } from '@/components/FieldComparisonTable'
import { OtherColumns } from '@/components/OtherColumns'
import { Skeleton } from '@/components/Skeleton'
import { Money } from '@/components/Value'
import { isZero } from '@/lib/decimal'
import { isMoneyRole } from '@/lib/fieldDelta'
import { formatConfidence } from '@/lib/format'
import { wordFor } from '@/lib/vocabulary'

import { acceptMatch, rejectMatch, undoDecision, type ReviewContext } from './commands'
import { DecisionHistory } from './DecisionHistory'
import { Members } from './Members'
import { RunnerUp } from './RunnerUp'
import { text } from './text'
import type { Other } from './useReview'
import { WholeRecords } from './WholeRecords'

type Props = {
  job: JobOut
  row: MatchRow
  /** How somebody else's decision on it came in, where one did. */
  other: Other | undefined
  /** The score, the status and what the engine says of it are hidden. */
  isBlind: boolean
  isOpen: boolean
  onOpenChange: (isOpen: boolean) => void
  context: ReviewContext
}

const NO_EVIDENCE: MatchDetail['evidence'] = []

/** Everything about one match, and the two buttons. What the list knows already is there at once; the rest comes with the details. */
export function MatchPane({ job, row, other, isBlind, isOpen, onOpenChange, context }: Props) {
  const detail = useQuery({ ...matchQuery(job.id, row.match_id), staleTime: Infinity })
  return (
    <section aria-label={`${row.left_label}, ${row.right_label}`} className="flex min-h-0 min-w-0 flex-1 flex-col bg-surface">
      <Head row={row} other={other} isBlind={isBlind} />
      <div className="min-h-0 flex-1 overflow-y-auto px-5 pb-6" tabIndex={-1} id="match-details">
        {detail.data ? (
          <Body job={job} detail={detail.data} isBlind={isBlind} isOpen={isOpen} onOpenChange={onOpenChange} />
        ) : detail.error ? (
          <ErrorState error={detail.error} onRetry={() => void detail.refetch()} />
        ) : (
          <BodySkeleton />
        )}
      </div>
      <footer className="flex flex-wrap items-center gap-2 border-t border-line px-5 py-3">
        <CommandButton tone="primary" command={acceptMatch} context={context} />
        <CommandButton command={rejectMatch} context={context} />
        <CommandButton tone="quiet" command={undoDecision} context={context} />
      </footer>
    </section>
  )
}

function Head({ row, other, isBlind }: { row: MatchRow; other: Other | undefined; isBlind: boolean }) {
  const verb = text.verbs[row.status]
  return (
    <header className="border-b border-line px-5 py-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        {isBlind ? <Question row={row} /> : <Score row={row} />}
        <span className="ml-auto text-right text-16 font-medium">
          <Money amount={row.amount} currency={row.currency} />
        </span>
      </div>
      {other === 'faster' && (
        <p role="alert" className="mt-2 rounded-md bg-conflict-soft px-3 py-2 text-13 text-conflict">
          {text.lost(row.decided_by ?? text.someoneElse, verb)}
        </p>
      )}
      {other === 'seen' && row.decided_by !== null && (
        <p role="status" className="mt-2 rounded-md bg-open-soft px-3 py-2 text-13 text-open">
          {text.seen(row.decided_by, verb)}
        </p>
      )}
      <h2 className="mt-0.5 truncate text-13 text-soft" title={`${row.left_label} ⇄ ${row.right_label}`}>
        {row.left_label} <span className="text-muted">⇄</span> {row.right_label}
      </h2>
      {row.reason !== null && !isBlind && <p className="mt-1 text-13 text-soft">{row.reason}</p>}
    </header>
  )
}

function Score({ row }: { row: MatchRow }) {
  return (
    <>
        <span className="tabular text-28 font-semibold">
          <span className="sr-only">{text.confidence} </span>
          {formatConfidence(row.confidence)}
        </span>
        <MatchStatusBadge status={row.status} />
        {row.ambiguous && (
          <Badge meaning="suggested" icon={Split}>
            {text.ambiguousBadge}
          </Badge>
        )}
        <span className="text-13 text-muted">
          {wordFor('method', row.method)} · {row.pass_name}
        </span>
    </>
  )
}

/** While the score is hidden: what is asked, and afterwards what was answered. */
function Question({ row }: { row: MatchRow }) {
  return (
    <>
      <span className="text-20 font-semibold">{text.blindQuestion}</span>
      {row.decided_by !== null && <MatchStatusBadge status={row.status} />}
    </>
  )
}

type BodyProps = { job: JobOut; detail: MatchDetail; isBlind: boolean; isOpen: boolean; onOpenChange: (isOpen: boolean) => void }

/** Drawn once a match: while decisions come and go around it, nothing in it changes. */
const Body = memo(function Body({ job, detail, isBlind, isOpen, onOpenChange }: BodyProps) {
  const { match } = detail
  const isGroup = match.left_count + match.right_count > 2
  return (
    <>
      {isGroup && (
        <Part title={`${text.members}: ${match.left_count} = ${match.right_count}`}>
          <Members job={job} detail={detail} />
        </Part>
      )}
      <Part title={isGroup ? text.firstRecords : text.records}>
        <FieldComparisonTable fields={isGroup ? withoutMoney(detail.fields) : detail.fields} evidence={isBlind ? NO_EVIDENCE : detail.evidence} leftName={job.left_file_name} rightName={job.right_file_name} />
        <OtherColumns left={detail.left[0]} right={detail.right[0]} fields={detail.fields} />
        <Residual match={match} />
      </Part>
      {!isBlind && <WhatTheEngineSays job={job} detail={detail} />}
      <WholeRecords detail={detail} isOpen={isOpen} onOpenChange={onOpenChange} />
      <Part title={text.decisions}>
        <DecisionHistory decisions={detail.decisions} />
      </Part>
    </>
  )
})

function WhatTheEngineSays({ job, detail }: { job: JobOut; detail: MatchDetail }) {
  return (
    <>
      <Part title={text.evidence}>
        <EvidenceWaterfall priorBits={detail.prior_bits} evidence={detail.evidence} confidence={detail.match.confidence} />
        <p className="mt-2 text-12 text-muted">
          {text.calibration}: {detail.calibration}
        </p>
      </Part>
      <Part title={text.runnerUp}>
        <RunnerUp job={job} detail={detail} />
      </Part>
    </>
  )
}

/** The amounts of a group agree in sum, which its members show; those of its first two records say nothing. */
function withoutMoney(fields: readonly FieldComparison[]): FieldComparison[] {
  return fields.filter((field) => !isMoneyRole(field.role))
}

function Part({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section className="mt-4">
      <h3 className="mb-1 text-12 font-semibold text-soft">{title}</h3>
      {children}
    </section>
  )
}

function Residual({ match }: { match: MatchRow }) {
  if (match.residual === null || isZero(match.residual)) return null
  return (
    <p className="mt-2 text-13 text-soft">
      {text.residual} <Money amount={match.residual} currency={match.currency} className="font-medium text-ink" />{' '}
      {wordFor('residual', match.residual_reason ?? 'open')}
    </p>
  )
}

function BodySkeleton() {
  return (
    <div role="status" aria-label="Loading the match" className="mt-5 space-y-3">
      {Array.from({ length: 6 }, (_, index) => (
        <div key={index} className="flex gap-4 border-b border-line pb-2.5">
          <Skeleton className="h-4 w-1/6" />
          <Skeleton className="h-4 w-1/3" />
          <Skeleton className="h-4 w-1/3" />
        </div>
      ))}
      <Skeleton className="mt-6 h-28 w-full" />
    </div>
  )
}
