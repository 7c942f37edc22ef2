import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useParams, useSearchParams } from 'react-router'

import type { JobOut } from '@/api/generated'
import { jobQuery, jobSummaryQuery } from '@/api/jobs'
import { ErrorState } from '@/components/ErrorState'
import { Kbd } from '@/components/Kbd'
import { usePlace } from '@/components/place'
import { Skeleton } from '@/components/Skeleton'
import { useCommands } from '@/lib/commands'
import { focusAll } from '@/lib/focusAll'

import { REVIEW_COMMANDS, type ReviewContext } from './commands'
import { FilterBar } from './FilterBar'
import { DEFAULT_FILTERS, filtersOf, isBlind, sortChange, withFilters, type MatchFilters } from './filters'
import { MatchList } from './MatchList'
import { MatchRowSkeleton } from './MatchListRow'
import { MatchPane } from './MatchPane'
import { NothingToReview } from './NothingToReview'
import { QueueHead } from './QueueHead'
import { text } from './text'
import { useReview } from './useReview'

export default function ReviewPage() {
  const { jobId = '' } = useParams()
  const { data: job, error, refetch } = useQuery(jobQuery(jobId))
  usePlace({
    title: text.title,
    project: job && { id: job.project_id, name: job.project_name },
    trail: job && [{ label: job.name, to: `/jobs/${job.id}` }],
  })
  if (error && !job) return <ErrorState isPage error={error} onRetry={() => void refetch()} />
  if (!job) return <ReviewSkeleton />
  return <Review job={job} />
}

function useFilters() {
  const [search, setSearch] = useSearchParams()
  const change = (change: Partial<MatchFilters>) => setSearch((now) => withFilters(now, change), { replace: true })
  const clear = () => setSearch((now) => withFilters(now, { ...DEFAULT_FILTERS, status: filtersOf(now).status, ...sortChange(filtersOf(now).sort) }), { replace: true })
  return { filters: filtersOf(search), change, clear }
}

function Review({ job }: { job: JobOut }) {
  const { filters, change, clear } = useFilters()
  const review = useReview(job.id, filters)
  const { list, pages, row, cursor, moveTo, decide, undo } = review
  const search = useRef<HTMLInputElement>(null)
  const [isOpen, setIsOpen] = useState(false)
  const total = pages[0]?.total ?? 0
  const isHidden = isBlind(filters)
  useFreshCountsAfter(job.id)
  const context: ReviewContext = {
    hasMatch: row !== undefined,
    canAccept: row !== undefined && (row.status !== 'confirmed' || row.decided_by === null),
    canReject: row !== undefined && row.status !== 'rejected',
    move: (rows: number) => moveTo(cursor + rows),
    accept: () => decide('accept'),
    reject: () => decide('reject'),
    undo: () => void undo(),
    find: () => focusAll(search.current),
    blind: () => change(sortChange(isHidden ? DEFAULT_FILTERS.sort : 'informative')),
    open: () => {
      setIsOpen(!isOpen)
      document.getElementById('match-details')?.focus()
    },
  }
  useCommands(REVIEW_COMMANDS, context)
  return (
    <div className="flex h-full min-h-0 flex-col">
      <h1 className="sr-only">
        {text.title}: {job.name}
      </h1>
      <p role="status" aria-live="polite" className="sr-only">
        {review.said}
      </p>
      <header className="border-b border-line bg-canvas px-4 py-3">
        <QueueHead jobId={job.id} page={pages[0]} filters={filters} onChange={change} onClear={clear} />
        <FilterBar filters={filters} onChange={change} search={search} />
      </header>
      <div className="flex min-h-0 flex-1">
        <div className="flex w-[36%] max-w-[30rem] min-w-76 flex-col border-r border-line bg-surface">
          {list.isPending && <ListSkeleton />}
          {list.error && !list.data && <ErrorState title={text.failed} error={list.error} onRetry={() => void list.refetch()} />}
          {list.data && total === 0 && <NothingToReview jobId={job.id} filters={filters} onClear={clear} onShowAll={() => change({ ...DEFAULT_FILTERS, status: 'all' })} />}
          {total > 0 && (
            <MatchList
              pages={pages}
              total={total}
              cursor={cursor}
              others={review.others}
              isBlind={isHidden}
              hasMore={list.hasNextPage}
              isFetching={list.isFetchingNextPage}
              fetchMore={list.fetchNextPage}
              onMove={moveTo}
            />
          )}
          <KeyHints />
        </div>
        {row ? (
          <MatchPane
            job={job}
            row={row}
            other={review.others.get(row.match_id)}
            isBlind={isHidden}
            isOpen={isOpen}
            onOpenChange={setIsOpen}
            context={context}
          />
        ) : (
          <div className="flex-1 bg-canvas" />
        )}
      </div>
    </div>
  )
}

/** The job's own counts and summary are read again when one leaves, not after each of a hundred decisions. */
function useFreshCountsAfter(jobId: string): void {
  const queries = useQueryClient()
  useEffect(
    () => () => {
      void queries.invalidateQueries({ queryKey: jobQuery(jobId).queryKey, exact: true })
      void queries.invalidateQueries({ queryKey: jobSummaryQuery(jobId).queryKey })
      for (const part of ['exceptions', 'error-budget', 'difference']) void queries.invalidateQueries({ queryKey: ['job', jobId, part] })
    },
    [queries, jobId],
  )
}

const HINTS: readonly (readonly [string, string])[] = [
  ['j', text.move],
  ['a', text.accept.toLowerCase()],
  ['r', text.reject.toLowerCase()],
  ['u', text.undo.toLowerCase()],
  ['?', text.keys.toLowerCase()],
]

function KeyHints() {
  return (
    <p aria-hidden className="flex flex-wrap gap-x-3 gap-y-1 border-t border-line px-3 py-2 text-12 text-muted">
      {HINTS.map(([key, word]) => (
        <span key={key} className="inline-flex items-center gap-1">
          {key === 'j' ? (
            <>
              <Kbd shortcut="j" />
              <Kbd shortcut="k" />
            </>
          ) : (
            <Kbd shortcut={key} />
          )}
          {word}
        </span>
      ))}
    </p>
  )
}

function ListSkeleton() {
  return (
    <div role="status" aria-label={text.loading} className="flex-1 overflow-hidden">
      {Array.from({ length: 12 }, (_, index) => (
        <div key={index} className="h-14">
          <MatchRowSkeleton />
        </div>
      ))}
    </div>
  )
}

function ReviewSkeleton() {
  return (
    <div className="flex h-full flex-col">
      <div className="space-y-3 border-b border-line px-4 py-3">
        <Skeleton className="h-6 w-72" />
        <Skeleton className="h-8 w-full" />
      </div>
      <div className="flex min-h-0 flex-1">
        <div className="w-[36%] max-w-[30rem] min-w-76 border-r border-line">
          <ListSkeleton />
        </div>
        <div className="flex-1 space-y-3 p-5">
          <Skeleton className="h-9 w-64" />
          <Skeleton className="h-48 w-full" />
        </div>
      </div>
    </div>
  )
}
