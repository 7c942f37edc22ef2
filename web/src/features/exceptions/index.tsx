import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { CircleCheck, SearchX } from 'lucide-react'
import { useRef } from 'react'
import { useParams, useSearchParams } from 'react-router'

import { exceptionsQuery } from '@/api/exceptions'
import type { ExceptionPage, JobOut } from '@/api/generated'
import { jobQuery, jobSummaryQuery } from '@/api/jobs'
import { flattened } from '@/api/paging'
import { Button, ButtonLink } from '@/components/Button'
import { DataTable } from '@/components/DataTable'
import { EmptyState } from '@/components/EmptyState'
import { ErrorState } from '@/components/ErrorState'
import { usePlace } from '@/components/place'
import { SearchField } from '@/components/SearchField'
import { SkeletonRows } from '@/components/Skeleton'
import { Tabs } from '@/components/Tabs'
import { command, useCommands } from '@/lib/commands'
import { focusAll } from '@/lib/focusAll'
import { formatPlural } from '@/lib/format'

import { COLUMNS } from './columns'
import { ExceptionDrawer } from './ExceptionDrawer'
import { Facets } from './Facets'
import { filterQuery, filtersOf, openRow, SORTS, withFilters, withOpenRow, type ExceptionFilters, type Side } from './filters'
import { text } from './text'

export default function ExceptionsPage() {
  const { jobId = '' } = useParams()
  const { data: job, error, refetch } = useQuery(jobQuery(jobId))
  usePlace({
    title: text.title,
    project: job && { id: job.project_id, name: job.project_name },
    trail: job && [{ label: job.name, to: `/jobs/${job.id}` }],
  })
  if (error && !job) return <ErrorState isPage error={error} onRetry={() => void refetch()} />
  if (!job) return <SkeletonRows rows={14} />
  return <Exceptions job={job} />
}

const COMMANDS = [command<{ find: () => void }>({ id: 'exception.find', label: text.find, key: 'f', alsoKeys: ['/'], group: text.group, run: ({ find }) => find() })]

function Exceptions({ job }: { job: JobOut }) {
  const [search, setSearch] = useSearchParams()
  const filters = filtersOf(search)
  const searchField = useRef<HTMLInputElement>(null)
  const counts = useSideCounts(job.id)
  const list = useInfiniteQuery({ ...exceptionsQuery(job.id, filterQuery(filters)), refetchOnWindowFocus: false })
  const { items, total } = flattened(list.data)
  const change = (changed: Partial<ExceptionFilters>) => setSearch((now) => withFilters(now, changed), { replace: true })
  const open = (row: number | null) => setSearch((now) => withOpenRow(now, row), { replace: true })
  const row = openRow(search)
  const at = items.findIndex((item) => item.row === row)
  useCommands(COMMANDS, { find: () => focusAll(searchField.current) })
  return (
    <div className="flex h-full min-h-0 flex-col px-4 pt-4 tablet:px-6">
      <h1 className="sr-only">
        {text.title}: {job.name}
      </h1>
      <Tabs
        label={text.sides}
        chosen={filters.side}
        onChoose={(side) => change({ side: side === 'right' ? 'right' : 'left', type: '' })}
        tabs={[
          { id: 'left', label: `${text.left} · ${job.left_file_name}`, count: counts.left },
          { id: 'right', label: `${text.right} · ${job.right_file_name}`, count: counts.right },
        ]}
      >
        <span className="sr-only">{formatPlural(total, text.total)}</span>
      </Tabs>
      <div className="flex min-h-0 flex-1 gap-4 py-4 max-desktop:flex-col">
        <Facets types={typesOf(list.data?.pages)} chosen={filters.type} onChoose={(type) => change({ type })} />
        <div className="flex min-w-0 flex-1 flex-col overflow-hidden rounded-md border border-line bg-surface">
          <div className="flex flex-wrap items-center gap-2 border-b border-line p-2">
            <SearchField label={text.search} shortcut="f" value={filters.q} onChange={(q) => change({ q })} inputRef={searchField} />
            <select
              aria-label={text.sort}
              className="h-8 rounded-md border border-line-strong bg-surface px-2 text-13"
              value={filters.sort}
              onChange={(event) => change({ sort: SORTS.find((known) => known === event.target.value) ?? 'row' })}
            >
              {SORTS.map((sort) => (
                <option key={sort} value={sort}>
                  {text.sorts[sort]}
                </option>
              ))}
            </select>
            <span className="tabular ml-auto px-2 text-13 text-muted">{list.data && formatPlural(total, text.total)}</span>
          </div>
          <div className="min-h-0 flex-1">
            {list.isPending && <SkeletonRows rows={12} />}
            {list.error && !list.data && <ErrorState title={text.failed} error={list.error} onRetry={() => void list.refetch()} />}
            {list.data && total === 0 && <NoExceptions jobId={job.id} isNarrowed={filters.type !== '' || filters.q !== ''} onClear={() => change({ type: '', q: '' })} />}
            {items.length > 0 && (
              <DataTable
                label={`${text.title}, ${filters.side === 'left' ? text.left : text.right}`}
                columns={COLUMNS}
                rows={items}
                total={total}
                rowKey={(item) => item.row}
                activeKey={row}
                rowHeightPixels={52}
                onOpen={(item) => open(item.row)}
                onEndReached={() => void list.fetchNextPage()}
              />
            )}
          </div>
        </div>
      </div>
      {row !== null && (
        <ExceptionDrawer
          job={job}
          side={filters.side}
          row={row}
          onPrevious={at > 0 ? () => open(items[at - 1]?.row ?? null) : undefined}
          onNext={at >= 0 && at < items.length - 1 ? () => open(items[at + 1]?.row ?? null) : undefined}
          onClose={() => open(null)}
        />
      )}
    </div>
  )
}

function typesOf(pages: readonly ExceptionPage[] | undefined) {
  return pages?.[0]?.types
}

/** How many exceptions each side has, from the summary that the job page has read already. */
function useSideCounts(jobId: string): Partial<Record<Side, number>> {
  const { data } = useQuery(jobSummaryQuery(jobId))
  if (!data) return {}
  const countOf = (side: Side) => data.exceptions.filter((figure) => figure.side === side).reduce((sum, figure) => sum + figure.count, 0)
  return { left: countOf('left'), right: countOf('right') }
}

function NoExceptions({ jobId, isNarrowed, onClear }: { jobId: string; isNarrowed: boolean; onClear: () => void }) {
  if (isNarrowed) {
    return (
      <EmptyState icon={SearchX} title={text.noneFound} action={<Button onClick={onClear}>{text.clear}</Button>}>
        {text.noneFoundHint}
      </EmptyState>
    )
  }
  return (
    <EmptyState icon={CircleCheck} title={text.none} action={<ButtonLink to={`/jobs/${jobId}/review`}>{text.toReview}</ButtonLink>}>
      {text.noneHint}
    </EmptyState>
  )
}
