import type { FileOut, PairedFieldOut, Proposal } from '@/api/generated'
import { ErrorState } from '@/components/ErrorState'
import { Skeleton } from '@/components/Skeleton'

import { Pairing } from './Pairing'
import { SideReading } from './SideReading'
import { SignChoice } from './SignChoice'
import { text } from './text'
import type { Draft } from './useDraft'

type Props = {
  left: FileOut
  right: FileOut
  proposal: { data: Proposal | undefined; error: unknown; retry: () => void }
  draft: Draft
  onClear: (side: 'left' | 'right') => void
}

/** Step 2: how each file was read, what it asks, and which columns mean the same. */
export function SeenStep({ left, right, proposal, draft, onClear }: Props) {
  const isReady = left.status === 'ready' && right.status === 'ready'
  return (
    <>
      <div className="grid grid-cols-2 gap-x-24">
        <SideReading file={left} onClear={() => onClear('left')} />
        <SideReading file={right} onClear={() => onClear('right')} />
      </div>
      {left.id === right.id && <p className="mt-4 rounded-md bg-suggested-soft px-3 py-2 text-13 text-suggested">{text.sameFile}</p>}
      {isReady && (
        <div className="mt-5">
          {proposal.data && <Pairs left={left} right={right} proposal={proposal.data} draft={draft} />}
          {!proposal.data && Boolean(proposal.error) && <ErrorState error={proposal.error} onRetry={proposal.retry} />}
          {!proposal.data && !proposal.error && <ProposalSkeleton />}
        </div>
      )}
    </>
  )
}

function Pairs({ left, right, proposal, draft }: { left: FileOut; right: FileOut; proposal: Proposal; draft: Draft }) {
  return (
    <>
      {draft.fields.length === 0 && (
        <p role="alert" className="mb-3 rounded-md bg-suggested-soft px-3 py-2 text-13 text-suggested">
          {text.noPairs}
        </p>
      )}
      <Pairing left={left.columns} right={ordered(right, left, proposal.fields)} fields={draft.fields} onChange={draft.pair} />
      <SignChoice proposal={proposal} flip={draft.flip} onChange={draft.turn} />
      {proposal.notes.length > 0 && (
        <ul aria-label={text.notes} className="mt-4 list-disc space-y-1 pl-5 text-13 text-soft">
          {proposal.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </>
  )
}

/** Right columns beside their proposed partners, so that few lines cross. Taken from the proposal, not from edits: nothing jumps while one pairs. */
function ordered(right: FileOut, left: FileOut, fields: readonly PairedFieldOut[]) {
  const place = (name: string) => {
    const field = fields.find((one) => one.right.includes(name))
    return field ? left.columns.findIndex((column) => field.left.includes(column.name)) : left.columns.length
  }
  return [...right.columns].sort((a, b) => place(a.name) - place(b.name))
}

function ProposalSkeleton() {
  return (
    <div role="status" aria-label={text.proposing} className="grid grid-cols-2 gap-24">
      {[0, 1].map((side) => (
        <div key={side} className="space-y-2">
          {Array.from({ length: 6 }, (_, index) => (
            <Skeleton key={index} className="h-13 w-full" />
          ))}
        </div>
      ))}
    </div>
  )
}
