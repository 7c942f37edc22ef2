import { Check } from 'lucide-react'

import type { ProgressOut } from '@/api/generated'
import { classes } from '@/lib/classes'
import { formatCount, formatShare } from '@/lib/format'

import { stageStates, type StageState } from './stages'
import { text } from './text'

/** The seven stages in order, each with its own bar; the running one says how much of what is done. */
export function StageBar({ progress }: { progress: ProgressOut | null }) {
  return (
    <ol className="grid grid-cols-7 gap-2">
      {stageStates(progress).map((state) => (
        <Stage key={state.stage} state={state} progress={progress} />
      ))}
    </ol>
  )
}

function Stage({ state, progress }: { state: StageState; progress: ProgressOut | null }) {
  const isNow = state.state === 'now'
  const hasCounts = isNow && progress !== null && progress.total > 0
  return (
    <li aria-current={isNow ? 'step' : undefined} className="min-w-0">
      <div className="h-1.5 overflow-hidden rounded-full bg-sunken ring-1 ring-line ring-inset" aria-hidden>
        <div className={classes('h-full rounded-full', state.state === 'done' ? 'bg-matched-solid' : 'bg-accent-fill')} style={{ width: `${state.fraction * 100}%` }} />
      </div>
      <p className={classes('mt-1.5 flex items-center gap-1 truncate text-12', state.state === 'next' ? 'text-muted' : 'font-medium text-ink')}>
        {state.state === 'done' && <Check aria-hidden size={12} className="shrink-0 text-matched" />}
        <span className="truncate">{text.stages[state.stage]}</span>
        <span className="sr-only">, {text.stageStates[state.state]}</span>
      </p>
      <p className="tabular truncate text-12 text-muted">{hasCounts ? `${formatCount(progress.done)} / ${formatCount(progress.total)}` : isNow ? formatShare(state.fraction, 0) : ' '}</p>
    </li>
  )
}
