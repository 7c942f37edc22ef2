import { ChartNoAxesColumn, CircleCheck } from 'lucide-react'
import { useQuery } from '@tanstack/react-query'
import type { Overview } from '@/api/generated'
import { overviewQuery } from '@/api/analytics'
import { ButtonLink } from '@/components/Button'
import { Card } from '@/components/Card'
import { EmptyState } from '@/components/EmptyState'
import { ErrorState } from '@/components/ErrorState'
import { JobLine } from '@/components/JobLine'
import { Page } from '@/components/Page'
import { usePlace } from '@/components/place'
import { Skeleton } from '@/components/Skeleton'
import { formatCount } from '@/lib/format'
import { MatchRateChart } from './MatchRateChart'
import { text } from './text'

export default function AnalyticsPage() {
  usePlace({ title: text.title })
  const overview = useQuery(overviewQuery())
  return (
    <Page title={text.title} description={text.hint}>
      {overview.isPending && <FiguresSkeleton />}
      {overview.error && !overview.data && <ErrorState error={overview.error} onRetry={() => void overview.refetch()} />}
      {overview.data && <Content overview={overview.data} />}
    </Page>
  )
}

function Content({ overview }: { overview: Overview }) {
  return (
    <>
      <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-md border border-line bg-line desktop:grid-cols-4">
        <Figure name={text.waiting} value={overview.waiting_suggestions} />
        <Figure name={text.exceptions} value={overview.open_exceptions} />
        <Figure name={text.projects} value={overview.projects} />
        <Figure name={text.jobs} value={overview.trend.length} />
      </dl>
      {overview.trend.length > 0 ? (
        <MatchRateChart trend={overview.trend} />
      ) : (
        <Card isFlush>
          <EmptyState icon={ChartNoAxesColumn} title={text.emptyTitle} action={<ButtonLink to="/projects">{text.start}</ButtonLink>}>
            {text.emptyHint}
          </EmptyState>
        </Card>
      )}
      <div className="grid gap-6 desktop:grid-cols-2">
        <Card title={text.toReview} isFlush>
          {overview.to_review.length === 0 ? (
            <EmptyState icon={CircleCheck} title={text.nothingWaits}>
              {text.nothingWaitsHint}
            </EmptyState>
          ) : (
            <ul>
              {[...overview.to_review]
                .sort((a, b) => b.suggested - a.suggested || a.name.localeCompare(b.name))
                .map((job) => (
                  <JobLine key={job.id} job={job} to={`/jobs/${job.id}/review`}>
                    <span className="tabular text-12 text-muted">{text.review(formatCount(job.suggested))}</span>
                  </JobLine>
                ))}
            </ul>
          )}
        </Card>
        {overview.recent.length > 0 && (
          <Card title={text.recent} isFlush>
            <ul>
              {overview.recent.map((job) => (
                <JobLine key={job.id} job={job} />
              ))}
            </ul>
          </Card>
        )}
      </div>
    </>
  )
}

function Figure({ name, value }: { name: string; value: number }) {
  return (
    <div className="bg-surface px-4 py-3">
      <dt className="text-12 text-muted">{name}</dt>
      <dd className="tabular mt-1 text-28 font-semibold">{formatCount(value)}</dd>
    </div>
  )
}

function FiguresSkeleton() {
  return (
    <>
      <Skeleton className="h-22 w-full" />
      <Skeleton className="h-80 w-full" />
    </>
  )
}
