import { ArrowLeftRight } from 'lucide-react'
import { useQuery } from '@tanstack/react-query'
import type { Overview } from '@/api/generated'
import { overviewQuery } from '@/api/analytics'
import { sessionQuery } from '@/api/session'
import { ButtonLink } from '@/components/Button'
import { Card } from '@/components/Card'
import { ErrorState } from '@/components/ErrorState'
import { Figures, type Figure } from '@/components/Figures'
import { JobLine } from '@/components/JobLine'
import { Page } from '@/components/Page'
import { usePlace } from '@/components/place'
import { Skeleton, SkeletonRows } from '@/components/Skeleton'
import { Sparkline } from '@/components/Sparkline'
import { formatCount, formatPlural, formatShare } from '@/lib/format'
import { useAppSelector } from '@/state'
import { FirstVisit } from './FirstVisit'
import { RecentResults } from './RecentResults'
import { text } from './text'

/** What waits, what runs, what came out last. On the first visit the whole page is one place to drop two files on. */
export default function HomePage() {
  usePlace({ title: text.title })
  const overview = useQuery(overviewQuery())
  if (overview.isPending) return <HomeSkeleton />
  if (!overview.data) return <ErrorState isPage error={overview.error} onRetry={() => void overview.refetch()} />
  return isFirstVisit(overview.data) ? <FirstVisit projects={overview.data.projects} /> : <Waiting overview={overview.data} />
}

const isFirstVisit = ({ running, recent, to_review }: Overview) => running.length + recent.length + to_review.length === 0

function Waiting({ overview }: { overview: Overview }) {
  const { data: session } = useQuery(sessionQuery())
  const lastProjectId = useAppSelector((state) => state.lastProject.id)
  const { running, to_review: toReview, recent, waiting_suggestions: suggestions } = overview
  return (
    <Page
      title={greeting(session?.user.name ?? '')}
      description={
        suggestions > 0
          ? text.waits(formatPlural(suggestions, text.suggestions), formatPlural(toReview.length, text.jobs))
          : text.nothingWaits
      }
      actions={
        <ButtonLink tone="primary" icon={ArrowLeftRight} to={lastProjectId ? `/projects/${lastProjectId}/reconcile` : '/projects'}>
          {text.newReconciliation}
        </ButtonLink>
      }
    >
      <Figures figures={figuresOf(overview)} />
      {(running.length > 0 || toReview.length > 0) && (
        <div className={`grid gap-6 ${running.length > 0 && toReview.length > 0 ? 'desktop:grid-cols-2' : ''}`}>
          {toReview.length > 0 && (
            <Card title={text.toReview} isFlush>
              <ul>
                {toReview.map((job) => (
                  <JobLine key={job.id} job={job} to={`/jobs/${job.id}/review`}>
                    <span className="tabular shrink-0 rounded-sm bg-suggested-soft px-1.5 text-12 font-medium text-suggested">
                      {text.review(formatCount(job.suggested))}
                    </span>
                  </JobLine>
                ))}
              </ul>
            </Card>
          )}
          {running.length > 0 && (
            <Card title={text.running} isFlush>
              <ul>
                {running.map((job) => (
                  <JobLine key={job.id} job={job} />
                ))}
              </ul>
            </Card>
          )}
        </div>
      )}
      <RecentResults jobs={recent} trend={overview.trend} />
    </Page>
  )
}

function figuresOf({ waiting_suggestions, open_exceptions, projects, trend }: Overview): Figure[] {
  const rates = trend.map((point) => point.match_rate_rows)
  const [first, last] = [rates[0] ?? 0, rates.at(-1)]
  return [
    { name: text.toReview, value: formatCount(waiting_suggestions) },
    { name: text.openExceptions, value: formatCount(open_exceptions) },
    { name: text.projects, value: formatCount(projects), to: '/projects' },
    {
      name: text.trend,
      value: last === undefined ? '–' : formatShare(last),
      to: '/analytics',
      aside: last !== undefined && <Sparkline label={text.trendLabel(formatShare(first), formatShare(last))} values={rates} />,
    },
  ]
}

function greeting(name: string, hour = new Date().getHours()): string {
  const first = name.split(' ')[0] ?? ''
  if (hour < 12) return text.greeting.morning(first)
  return hour < 18 ? text.greeting.day(first) : text.greeting.evening(first)
}

function HomeSkeleton() {
  return (
    <Page title={<Skeleton className="h-7 w-56" />}>
      <Skeleton className="h-22 w-full" />
      <div className="rounded-md border border-line bg-surface">
        <SkeletonRows rows={5} rowClass="h-14" />
      </div>
    </Page>
  )
}
