import { useState } from 'react'

import { isBeingRead } from '@/api/files'
import type { ColumnOut, FileOut, PairedFieldOut } from '@/api/generated'
import { ErrorState } from '@/components/ErrorState'
import { Skeleton } from '@/components/Skeleton'

import { ColumnList } from './ColumnGrid'
import { ColumnProfile } from './ColumnProfile'
import { Pairing } from './Pairing'
import type { Side } from './side'
import { SideReading } from './SideReading'
import { SignChoice } from './SignChoice'
import { text } from './text'
import { useAnswers } from './useAnswers'
import type { Draft, DraftState } from './useDraft'

type Props = {
  left: FileOut | undefined
  right: FileOut | undefined
  state: DraftState
  canChange: boolean
  onClear: (side: Side) => void
}

/** Step 2: how each file was read, what it asks, and which columns mean the same. One file alone is shown as soon as it is here. */
export function SeenStep({ left, right, state, canChange, onClear }: Props) {
  const [opened, setOpened] = useState<{ side: Side; name: string } | null>(null)
  const open = (side: Side, column: ColumnOut) => setOpened({ side, name: column.name })
  const areReady = left?.status === 'ready' && right?.status === 'ready'
  const shown = opened && (opened.side === 'left' ? left : right)
  return (
    <>
      <div className="grid gap-x-16 gap-y-6 tablet:grid-cols-2">
        <OneSide side="left" file={left} areReady={areReady} onOpen={open} onClear={onClear} />
        <OneSide side="right" file={right} areReady={areReady} onOpen={open} onClear={onClear} />
      </div>
      {left && left.id === right?.id && <p className="mt-4 rounded-md bg-suggested-soft px-3 py-2 text-13 text-suggested">{text.sameFile}</p>}
      {areReady && (
        <div className="mt-6">
          {state.draft && <Pairs left={left} right={right} draft={state.draft} onOpen={open} />}
          {Boolean(state.error) && <ErrorState error={state.error} onRetry={state.retry} />}
          {!state.draft && !state.error && <ProposalSkeleton />}
        </div>
      )}
      {shown && opened && <OpenedColumn file={shown} name={opened.name} canChange={canChange} onClose={() => setOpened(null)} />}
    </>
  )
}

type OneSideProps = { side: Side; file: FileOut | undefined; areReady: boolean; onOpen: (side: Side, column: ColumnOut) => void; onClear: (side: Side) => void }

/** The reading of one side; its columns too, as long as there is nothing to pair them with. */
function OneSide({ side, file, areReady, onOpen, onClear }: OneSideProps) {
  if (!file) return <p className="hidden text-13 text-muted tablet:block">{text.awaiting[side]}</p>
  return (
    <div className="min-w-0">
      <SideReading file={file} onClear={() => onClear(side)} />
      {!areReady && !isBeingRead(file) && file.columns.length > 0 && (
        <ColumnList label={text.columnsOf[side]} columns={file.columns} onOpen={(column) => onOpen(side, column)} />
      )}
    </div>
  )
}

function OpenedColumn({ file, name, canChange, onClose }: { file: FileOut; name: string; canChange: boolean; onClose: () => void }) {
  const answer = useAnswers(file)
  const column = file.columns.find((one) => one.name === name)
  if (!column) return null
  const change = (answers: Record<string, string>) => answer.mutate(answers, { onSuccess: onClose })
  return <ColumnProfile column={column} error={answer.error} isBusy={answer.isPending} onChange={canChange ? change : undefined} onClose={onClose} />
}

type PairsProps = { left: FileOut; right: FileOut; draft: Draft; onOpen: (side: Side, column: ColumnOut) => void }

function Pairs({ left, right, draft, onOpen }: PairsProps) {
  const { found, proposal, fields } = draft
  return (
    <>
      {fields.length === 0 && (
        <p role="alert" className="mb-3 rounded-md bg-suggested-soft px-3 py-2 text-13 text-suggested">
          {found.fields.length === 0 ? text.noPairs : text.nonePaired}
        </p>
      )}
      <Pairing left={left.columns} right={ordered(right, left, found.fields)} fields={fields} onChange={draft.pair} onOpen={onOpen} />
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
    <div role="status" aria-label={text.proposing} className="grid grid-cols-2 gap-16">
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
