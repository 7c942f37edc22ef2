import { useQuery } from '@tanstack/react-query'
import { GitCompareArrows } from 'lucide-react'
import { useParams, useSearchParams } from 'react-router'

import type { ChangeOut, DifferenceOut, JobOut } from '@/api/generated'
import { differenceQuery, jobQuery } from '@/api/jobs'
import { ButtonLink } from '@/components/Button'
import { EmptyState } from '@/components/EmptyState'
import { ErrorState } from '@/components/ErrorState'
import { Figures, type Figure } from '@/components/Figures'
import { Page } from '@/components/Page'
import { usePlace } from '@/components/place'
import { Skeleton } from '@/components/Skeleton'
import { Tabs } from '@/components/Tabs'
import { Money } from '@/components/Value'
import { formatCount, formatPlural, formatTime } from '@/lib/format'

import { PairTable } from './PairTable'
import { text } from './text'

const KINDS = ['gained', 'lost', 'regrouped', 'moved'] as const
type Kind = (typeof KINDS)[number]

export default function ComparePage() {
  const { jobId = '' } = useParams()
  const { data: job, error, refetch } = useQuery(jobQuery(jobId))
  usePlace({
    title: text.title,
    project: job && { id: job.project_id, name: job.project_name },
    trail: job && [{ label: job.name, to: `/jobs/${job.id}` }],
  })
  if (error && !job) return <ErrorState isPage error={error} onRetry={() => void refetch()} />
  return (
    <Page title={job ? `${text.title}: ${job.name}` : <Skeleton className="h-7 w-72" />} description={text.description} actions={job && <ButtonLink to={`/jobs/${job.id}`}>{text.toJob}</ButtonLink>}>
      {job ? <Compared job={job} /> : <Skeleton className="h-64 w-full" />}
    </Page>
  )
}

function Compared({ job }: { job: JobOut }) {
  const [search, setSearch] = useSearchParams()
  const before = search.get('before')
  const { data, error, refetch } = useQuery({ ...differenceQuery(job.id, before), placeholderData: (known) => known })
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />
  if (!data) return <Skeleton className="h-64 w-full" />
  const choose = (id: string) => setSearch((now) => changed(now, 'before', id), { replace: true })
  if (data.comparable.length === 0) {
    return (
      <EmptyState icon={GitCompareArrows} title={text.nothingBefore}>
        {text.nothingBeforeHint}
      </EmptyState>
    )
  }
  return (
    <>
      <Before difference={data} onChoose={choose} />
      {data.before && <Changes difference={data} kind={kindOf(search, data)} onChoose={(kind) => setSearch((now) => changed(now, 'kind', kind), { replace: true })} />}
    </>
  )
}

function changed(search: URLSearchParams, name: string, value: string): URLSearchParams {
  const next = new URLSearchParams(search)
  next.set(name, value)
  return next
}

/** The kind in the address, else the first one that there is. */
function kindOf(search: URLSearchParams, difference: DifferenceOut): Kind {
  return KINDS.find((kind) => kind === search.get('kind')) ?? KINDS.find((kind) => difference[kind].pairs > 0) ?? 'gained'
}

/** The earlier job, to be chosen among all over the same records. */
function Before({ difference, onChoose }: { difference: DifferenceOut; onChoose: (id: string) => void }) {
  return (
    <label className="flex flex-wrap items-center gap-2 text-13 text-soft">
      {text.since}
      <select
        className="h-8 max-w-full rounded-md border border-line-strong bg-surface px-2 text-13 text-ink"
        value={difference.before?.id ?? ''}
        onChange={(event) => onChoose(event.target.value)}
      >
        {difference.before === null && <option value="">–</option>}
        {difference.comparable.map((other) => (
          <option key={other.id} value={other.id}>
            {other.name}, {formatTime(other.created_at)}
          </option>
        ))}
      </select>
    </label>
  )
}

type ChangesProps = { difference: DifferenceOut; kind: Kind; onChoose: (kind: Kind) => void }

function Changes({ difference, kind, onChoose }: ChangesProps) {
  const change = difference[kind]
  return (
    <>
      <Figures figures={figuresOf(difference)} />
      <div>
        <Tabs
          label={text.title}
          tabs={KINDS.map((one) => ({ id: one, label: text.kinds[one].name, count: difference[one].pairs }))}
          chosen={kind}
          onChoose={(id) => onChoose(KINDS.find((one) => one === id) ?? kind)}
        >
          <p className="mt-3 text-13 text-soft">
            {text.kinds[kind].hint} <Value change={change} />
          </p>
          <PairTable change={change} label={text.kinds[kind].name} />
        </Tabs>
      </div>
    </>
  )
}

function figuresOf(difference: DifferenceOut): Figure[] {
  return [...KINDS.map((kind) => ({ name: text.kinds[kind].name, value: formatCount(difference[kind].pairs) })), { name: text.unchanged, value: formatCount(difference.unchanged) }]
}

function Value({ change }: { change: ChangeOut }) {
  if (change.pairs === 0) return null
  return (
    <span className="text-ink">
      {formatPlural(change.pairs, text.pairs)}
      {Object.entries(change.amounts).map(([currency, amount]) => (
        <span key={currency}>
          {' · '}
          <Money amount={amount} currency={currency} />
        </span>
      ))}
    </span>
  )
}
