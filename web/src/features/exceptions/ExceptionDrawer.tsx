import { useQuery } from '@tanstack/react-query'
import { ChevronDown, ChevronUp } from 'lucide-react'

import { exceptionQuery } from '@/api/exceptions'
import type { ExceptionDetail, ExplanationOut, JobOut, RecordOut } from '@/api/generated'
import { Badge, RECORD_LOOKS } from '@/components/Badge'
import { IconButton } from '@/components/Button'
import { Dialog } from '@/components/Dialog'
import { ErrorState } from '@/components/ErrorState'
import { EvidenceWaterfall } from '@/components/EvidenceWaterfall'
import { FieldComparisonTable } from '@/components/FieldComparisonTable'
import { OtherColumns } from '@/components/OtherColumns'
import { Skeleton } from '@/components/Skeleton'
import { DateText, Money } from '@/components/Value'
import { formatConfidence, formatCount } from '@/lib/format'
import { wordFor } from '@/lib/vocabulary'

import type { Side } from './filters'
import { text } from './text'

type Props = { job: JobOut; side: Side; row: number; onPrevious?: () => void; onNext?: () => void; onClose: () => void }

/** One open record: why it is open, and the record of the other side that came nearest, with why it did not do. */
export function ExceptionDrawer({ job, side, row, onPrevious, onNext, onClose }: Props) {
  const detail = useQuery({ ...exceptionQuery(job.id, side, row), staleTime: 60_000 })
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
          <IconButton icon={ChevronUp} label={text.previous} disabled={!onPrevious} onClick={onPrevious} />
          <IconButton icon={ChevronDown} label={text.next} disabled={!onNext} onClick={onNext} />
        </>
      }
    >
      {detail.data && <Detail job={job} detail={detail.data} />}
      {detail.error && !detail.data && <ErrorState error={detail.error} onRetry={() => void detail.refetch()} />}
      {detail.isPending && <DetailSkeleton />}
    </Dialog>
  )
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
      <Part title={text.rival}>{detail.rival ? <Rival job={job} rival={detail.rival} /> : <p className="text-13 text-muted">{text.noRival}</p>}</Part>
      <Part title={text.record}>
        <Columns record={detail.record} />
      </Part>
    </>
  )
}

function Rival({ job, rival }: { job: JobOut; rival: ExplanationOut }) {
  return (
    <>
      <div className="mb-3 rounded-md bg-sunken px-3 py-2 text-13">
        <p>
          {rival.confidence !== null && <span className="tabular mr-2 font-medium">{formatConfidence(rival.confidence)}</span>}
          <span className="font-medium">{rival.reason ?? (rival.failed_step === null ? '' : wordFor('failedStep', rival.failed_step))}</span>
        </p>
        {rival.reason !== null && rival.failed_step !== null && <p className="mt-0.5 text-12 text-muted">{wordFor('failedStep', rival.failed_step)}</p>}
        {rival.smallest_change !== null && (
          <p className="mt-1 text-soft">
            {text.smallestChange}: {rival.smallest_change}
          </p>
        )}
      </div>
      <FieldComparisonTable fields={rival.fields} evidence={rival.evidence} leftName={job.left_file_name} rightName={job.right_file_name} />
      <OtherColumns left={rival.left} right={rival.right} fields={rival.fields} />
      {rival.evidence.length > 0 && (
        <Part title={text.evidence}>
          <EvidenceWaterfall priorBits={rival.prior_bits} evidence={rival.evidence} confidence={rival.confidence} />
        </Part>
      )}
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
