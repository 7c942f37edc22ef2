import { useQuery } from '@tanstack/react-query'
import { ChevronDown, ChevronUp } from 'lucide-react'
import { useEffect } from 'react'

import { exceptionQuery } from '@/api/exceptions'
import type { ExceptionDetail, JobOut, RecordOut } from '@/api/generated'
import { Badge, RECORD_LOOKS } from '@/components/Badge'
import { Button } from '@/components/Button'
import { Dialog } from '@/components/Dialog'
import { ErrorState } from '@/components/ErrorState'
import { Skeleton } from '@/components/Skeleton'
import { DateText, Money } from '@/components/Value'
import { formatCount } from '@/lib/format'
import { wordFor } from '@/lib/vocabulary'

import { Counterpart } from './Counterpart'
import type { Side } from './filters'
import { text } from './text'

type Props = { job: JobOut; side: Side; row: number; onPrevious?: () => void; onNext?: () => void; onClose: () => void }

/** One open record: why it is open, and the record of the other side that came nearest, with why it did not do. */
export function ExceptionDrawer({ job, side, row, onPrevious, onNext, onClose }: Props) {
  const detail = useQuery({ ...exceptionQuery(job.id, side, row), staleTime: 60_000 })
  useStepKeys(onPrevious, onNext)
  const title = text.detail(detail.data?.exception.label ?? text.rowNumber(formatCount(row + 1)))
  return (
    <Dialog
      isOpen
      title={title}
      placement="side"
      size="large"
      onClose={onClose}
      footer={
        <>
          <Button tone="quiet" icon={ChevronUp} shortcut="k" disabled={!onPrevious} onClick={onPrevious}>
            {text.previous}
          </Button>
          <Button tone="quiet" icon={ChevronDown} shortcut="j" disabled={!onNext} onClick={onNext}>
            {text.next}
          </Button>
        </>
      }
    >
      {detail.data && <Detail job={job} detail={detail.data} />}
      {detail.error && !detail.data && <ErrorState error={detail.error} onRetry={() => void detail.refetch()} />}
      {detail.isPending && <DetailSkeleton />}
    </Dialog>
  )
}

/** The dialog keeps the keys of the page under it from working, so it listens to its own. */
function useStepKeys(onPrevious: (() => void) | undefined, onNext: (() => void) | undefined): void {
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      if (event.ctrlKey || event.metaKey || event.altKey || event.target instanceof HTMLInputElement) return
      if (event.key === 'j') onNext?.()
      if (event.key === 'k') onPrevious?.()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [onPrevious, onNext])
}

function Detail({ job, detail }: { job: JobOut; detail: ExceptionDetail }) {
  const { exception } = detail
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Badge meaning="open" icon={RECORD_LOOKS.open.icon}>
          {wordFor('exceptionType', exception.type)}
        </Badge>
        <span className="text-13 text-muted">
          {wordFor('side', exception.side)}, {text.rowNumber(formatCount(exception.row + 1))} · <DateText date={exception.value_date} />
        </span>
        <span className="ml-auto text-16 font-medium">
          <Money amount={exception.amount} currency={exception.currency} />
        </span>
      </div>
      <p className="mt-2 text-14">{exception.reason}</p>
      <Counterpart key={`${exception.side} ${exception.row}`} job={job} detail={detail} />
      <Part title={text.record}>
        <Columns record={detail.record} />
      </Part>
    </>
  )
}

function Part({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section className="mt-5">
      <h3 className="mb-1.5 text-12 font-semibold text-soft">{title}</h3>
      {children}
    </section>
  )
}

function Columns({ record }: { record: RecordOut }) {
  return (
    <dl className="text-13">
      {Object.entries(record.values).map(([name, value]) => (
        <div key={name} className="flex gap-4 border-b border-line py-1.5">
          <dt className="w-2/5 shrink-0 text-muted">{name}</dt>
          <dd className="m-0 min-w-0 [overflow-wrap:anywhere]">{value === null || value === '' ? '–' : value}</dd>
        </div>
      ))}
    </dl>
  )
}

function DetailSkeleton() {
  return (
    <div role="status" aria-label={text.loading} className="space-y-3">
      <Skeleton className="h-5 w-2/3" />
      <Skeleton className="h-5 w-full" />
      <Skeleton className="h-44 w-full" />
      <Skeleton className="h-32 w-full" />
    </div>
  )
}
