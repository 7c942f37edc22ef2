import { useQuery } from '@tanstack/react-query'
import { ArrowLeft, X } from 'lucide-react'
import { Link } from 'react-router'

import type { MatchPage } from '@/api/generated'
import { jobSummaryQuery } from '@/api/jobs'
import { Button } from '@/components/Button'
import { ProgressBar } from '@/components/ProgressBar'
import { Skeleton } from '@/components/Skeleton'
import { Money } from '@/components/Value'
import { formatCount, formatPlural } from '@/lib/format'

import { SortChoice } from './FilterBar'
import { activeFilters, type MatchFilters } from './filters'
import { text } from './text'

type Props = { jobId: string; page: MatchPage | undefined; filters: MatchFilters; onChange: (change: Partial<MatchFilters>) => void; onClear: () => void }

/** How many matches stand under the filter and for how much; and how far the whole job is decided. */
export function QueueHead({ jobId, page, filters, onChange, onClear }: Props) {
  return (
    <div className="mb-2.5 flex flex-wrap items-center gap-x-4 gap-y-1">
      <Link to={`/jobs/${jobId}`} className="inline-flex items-center gap-1 rounded-sm text-13 text-soft hover:text-ink">
        <ArrowLeft aria-hidden size={14} />
        {text.back}
      </Link>
      {page ? (
        <p className="text-14">
          <span className="font-semibold">{formatPlural(page.total, filters.status === 'suggested' ? text.suggestions : text.matches)}</span>
          {Object.entries(page.amounts).map(([currency, amount]) => (
            <span key={currency} className="text-soft">
              {' · '}
              <Money amount={amount} currency={currency} />
            </span>
          ))}
        </p>
      ) : (
        <Skeleton className="h-5 w-64" />
      )}
      <SortChoice filters={filters} onChange={onChange} />
      {activeFilters(filters) > 0 && (
        <Button tone="quiet" size="small" icon={X} onClick={onClear}>
          {text.clearFilters}
        </Button>
      )}
      <Progress jobId={jobId} />
    </div>
  )
}

function Progress({ jobId }: { jobId: string }) {
  const { data } = useQuery({ ...jobSummaryQuery(jobId), staleTime: Infinity, refetchOnWindowFocus: false })
  if (!data) return null
  const total = data.decided + data.undecided
  if (total === 0) return null
  return (
    <div className="ml-auto flex items-center gap-2 text-13 text-soft">
      <span>
        {text.progress}{' '}
        <span className="tabular font-medium text-ink">
          {formatCount(data.decided)}/{formatCount(total)}
        </span>
      </span>
      <span className="w-32">
        <ProgressBar isThin label={text.progress} fraction={data.decided / total} />
      </span>
    </div>
  )
}
