import { ListChecks, SearchX } from 'lucide-react'

import { Button, ButtonLink } from '@/components/Button'
import { EmptyState } from '@/components/EmptyState'

import { activeFilters, type MatchFilters } from './filters'
import { text } from './text'

type Props = { jobId: string; filters: MatchFilters; onClear: () => void; onShowAll: () => void }

/** An empty queue is either work done or a filter too narrow, and each has its own next step. */
export function NothingToReview({ jobId, filters, onClear, onShowAll }: Props) {
  const isNarrowed = activeFilters(filters) > 0
  if (filters.status === 'suggested' && !isNarrowed) {
    return (
      <EmptyState
        icon={ListChecks}
        title={text.nothingLeft}
        action={
          <>
            <ButtonLink tone="primary" to={`/jobs/${jobId}/exceptions`}>
              {text.toExceptions}
            </ButtonLink>
            <Button onClick={onShowAll}>{text.showAll}</Button>
          </>
        }
      >
        {text.nothingLeftHint}
      </EmptyState>
    )
  }
  return (
    <EmptyState icon={SearchX} title={text.noneFound} action={<Button onClick={isNarrowed ? onClear : onShowAll}>{isNarrowed ? text.clearFilters : text.showAll}</Button>}>
      {text.noneFoundHint}
    </EmptyState>
  )
}
