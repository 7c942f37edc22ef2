import { ChartNoAxesColumn, CircleCheck } from 'lucide-react'
import { useQuery } from '@tanstack/react-query'
import type { Overview } from '@/api/generated'
import { overviewQuery } from '@/api/analytics'
import { ButtonLink } from '@/components/Button'
import { Card } from '@/components/Card'
import { EmptyState } from '@/components/EmptyState'
import { ErrorState } from '@/components/ErrorState'
import { Figures } from '@/components/Figures'
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
      <Figures
        figures={[
          { name: text.waiting, value: formatCount(overview.waiting_suggestions) },
          { name: text.exceptions, value: formatCount(overview.open_exceptions) },
          { name: text.projects, value: formatCount(overview.projects), to: '/projects' },
          { name: text.jobs, value: formatCount(overview.trend.length) },
        ]}
      />
      {overview.trend.length > 0 ? (
        <MatchRateChart trend={overview.trend} />
      ) : (
        <Card isFlush>
          <EmptyState icon={ChartNoAxesColumn} title={text.emptyTitle} action={<ButtonLink to="/projects">{text.start}</ButtonLink>}>
            {text.emptyHint}
          </EmptyState>
        </Card>
      )}
      {overview.recent.length + overview.to_review.length > 0 && <Lists overview={overview} />}
    </>
  )
}

function Lists({ overview }: { overview: Overview }) {
  return (
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
