import { Check, ChevronDown } from 'lucide-react'
import { useId, useState, type ReactNode } from 'react'

import { classes } from '@/lib/classes'

import { text } from './text'

type Props = { number: number; title: string; summary: ReactNode; state: 'ahead' | 'now' | 'done'; isFoldedWhenDone?: boolean; children: ReactNode }

/** One of the three steps. A done step folds to its summary and opens again on demand; one that lies ahead is only a title. */
export function Step({ number, title, summary, state, isFoldedWhenDone = false, children }: Props) {
  const id = useId()
  const [chosen, setChosen] = useState<boolean | null>(null)
  const isOpen = state !== 'ahead' && (chosen ?? !(state === 'done' && isFoldedWhenDone))
  return (
    <section aria-labelledby={`${id}-title`} className="rounded-md border border-line bg-surface">
      <header className="flex min-h-12 items-center gap-3 px-4 py-2">
        <span
          aria-hidden
          className={classes(
            'tabular flex size-6 shrink-0 items-center justify-center rounded-full text-12 font-semibold',
            state === 'done' ? 'bg-matched-soft text-matched' : state === 'now' ? 'bg-accent-fill text-on-fill' : 'bg-sunken text-muted',
          )}
        >
          {state === 'done' ? <Check size={14} /> : number}
        </span>
        <h2 id={`${id}-title`} className={classes('text-14 font-semibold', state === 'ahead' && 'text-muted')}>
          {title}
        </h2>
        <div className="min-w-0 flex-1 truncate text-13 text-muted">{state !== 'ahead' && summary}</div>
        {state === 'done' && (
          <button
            type="button"
            aria-expanded={isOpen}
            aria-controls={`${id}-body`}
            onClick={() => setChosen(!isOpen)}
            className="inline-flex items-center gap-1 rounded-sm px-1 text-13 text-soft hover:text-ink"
          >
            {isOpen ? text.toggle.close : text.toggle.open}
            <span className="sr-only"> {title}</span>
            <ChevronDown aria-hidden size={14} className={isOpen ? 'rotate-180' : ''} />
          </button>
        )}
      </header>
      {isOpen && (
        <div id={`${id}-body`} className="border-t border-line p-4">
          {children}
        </div>
      )}
    </section>
  )
}
