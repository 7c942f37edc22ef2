import { Check, ChevronDown } from 'lucide-react'
import { useEffect, useId, useLayoutEffect, useRef, useState, type KeyboardEvent, type Ref } from 'react'
import { classes } from '@/lib/classes'
import { placeBeside } from './beside'
import { text } from './text'

export type Choice<Value> = Readonly<{ value: Value; label: string; hint?: string }>

type Props<Value> = {
  /** What is chosen here, with the choice in it: "Betrag is paired with amount". */
  label: string
  chosen: Value
  shown: string
  /** Asked for when the list opens, so that a page with a thousand choosers stays light. */
  choices: () => readonly Choice<Value>[]
  onChoose: (value: Value) => void
  /** Delete and Backspace, on the button. */
  onClear?: () => void
  isMuted?: boolean
  tabIndex?: number
  className?: string
  ref?: Ref<HTMLButtonElement>
}

const SHOWN_MAX = 50

/** One of many, found by typing part of its name: for lists that are too long for a select. */
export function Chooser<Value>({ label, chosen, shown, choices, onChoose, onClear, isMuted = false, tabIndex, className, ref }: Props<Value>) {
  const id = useId()
  const [isOpen, setIsOpen] = useState(false)
  const close = (isFocusKept: boolean) => {
    setIsOpen(false)
    if (isFocusKept) document.getElementById(id)?.focus({ preventScroll: true })
  }
  return (
    <>
      <button
        ref={ref}
        id={id}
        type="button"
        tabIndex={tabIndex}
        aria-label={label}
        aria-haspopup="listbox"
        aria-expanded={isOpen}
        aria-keyshortcuts={onClear && 'Delete'}
        onClick={() => setIsOpen(!isOpen)}
        onKeyDown={(event) => {
          if (!onClear || (event.key !== 'Delete' && event.key !== 'Backspace')) return
          event.preventDefault()
          onClear()
        }}
        className={classes(
          'flex h-7 items-center gap-1 rounded-md border border-line bg-surface pr-1 pl-2 text-12 hover:border-line-strong aria-expanded:border-accent',
          isMuted ? 'text-muted' : 'text-ink',
          className,
        )}
      >
        <span className="min-w-0 flex-1 truncate text-left">{shown}</span>
        <ChevronDown aria-hidden size={14} className="shrink-0 text-muted" />
      </button>
      {isOpen && (
        <ChoiceList
          triggerId={id}
          label={label}
          chosen={chosen}
          choices={choices()}
          onClose={close}
          onChoose={(value) => {
            close(true)
            onChoose(value)
          }}
        />
      )}
    </>
  )
}

type ListProps<Value> = {
  triggerId: string
  label: string
  chosen: Value
  choices: readonly Choice<Value>[]
  onChoose: (value: Value) => void
  onClose: (isFocusKept: boolean) => void
}

function ChoiceList<Value>({ triggerId, label, chosen, choices, onChoose, onClose }: ListProps<Value>) {
  const id = useId()
  const box = useRef<HTMLDivElement>(null)
  const input = useRef<HTMLInputElement>(null)
  const [query, setQuery] = useState('')
  const [at, setAt] = useState(() => Math.max(0, choices.slice(0, SHOWN_MAX).findIndex((choice) => choice.value === chosen)))
  const found = matching(choices, query)
  const shown = found.slice(0, SHOWN_MAX)
  const current = Math.min(at, shown.length - 1)
  useLayoutEffect(() => {
    const anchor = document.getElementById(triggerId)
    if (box.current && anchor) placeBeside(box.current, anchor.getBoundingClientRect(), 'start')
    input.current?.focus({ preventScroll: true })
  }, [triggerId])
  useLeaving(box, triggerId, onClose)

  function onKeyDown(event: KeyboardEvent) {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    event.stopPropagation()
    if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault()
      onClose(true)
    } else if (event.key === 'Enter') {
      event.preventDefault()
      const choice = shown[current]
      if (choice) onChoose(choice.value)
    } else if (step !== 0 && shown.length > 0) {
      event.preventDefault()
      const next = (current + step + shown.length) % shown.length
      setAt(next)
      document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: 'nearest' })
    }
  }
  return (
    <div ref={box} className="fixed z-40 flex max-h-80 w-64 flex-col rounded-md border border-line bg-raised shadow-overlay">
      <input
        ref={input}
        type="text"
        role="combobox"
        aria-label={label}
        aria-expanded
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={shown.length > 0 ? `${id}-${current}` : undefined}
        placeholder={text.find}
        autoComplete="off"
        spellCheck={false}
        value={query}
        onChange={(event) => {
          setQuery(event.target.value)
          setAt(0)
        }}
        onKeyDown={onKeyDown}
        className="h-9 shrink-0 rounded-t-md border-b border-line bg-transparent px-3 text-13 outline-none placeholder:text-muted"
      />
      <ul id={`${id}-list`} role="listbox" aria-label={label} className="min-h-0 overflow-auto p-1">
        {shown.map((choice, index) => (
          // The keys are on the input, as the combobox pattern has it.
          // eslint-disable-next-line jsx-a11y/click-events-have-key-events
          <li
            key={index}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === current}
            onPointerMove={() => setAt(index)}
            onClick={() => onChoose(choice.value)}
            className={classes('flex cursor-pointer items-center gap-2 rounded-sm px-2 py-1.5 text-13', index === current && 'bg-accent-soft')}
          >
            <span className="min-w-0 flex-1 truncate">{choice.label}</span>
            {choice.hint && <span className="max-w-[45%] shrink-0 truncate text-12 text-muted">{choice.hint}</span>}
            {choice.value === chosen && <Check aria-hidden size={14} className="shrink-0 text-accent" />}
          </li>
        ))}
      </ul>
      {(shown.length === 0 || found.length > shown.length) && (
        <p role="status" className="border-t border-line px-3 py-2 text-12 text-muted">
          {shown.length === 0 ? text.nothingFound : text.moreFound(found.length - shown.length)}
        </p>
      )}
    </div>
  )
}

/** Those whose label holds the typed text; those that begin with it first. */
function matching<Value>(choices: readonly Choice<Value>[], query: string): readonly Choice<Value>[] {
  const wanted = query.trim().toLowerCase()
  if (wanted === '') return choices
  const found = choices.filter((choice) => choice.label.toLowerCase().includes(wanted))
  const begins = (choice: Choice<Value>) => choice.label.toLowerCase().startsWith(wanted)
  return [...found.filter(begins), ...found.filter((choice) => !begins(choice))]
}

/** A press elsewhere closes the list, and so does scrolling what it belongs to. */
function useLeaving(box: React.RefObject<HTMLElement | null>, triggerId: string, onClose: (isFocusKept: boolean) => void): void {
  useEffect(() => {
    const leave = (event: Event) => {
      const target = event.target as Node
      if (!box.current?.contains(target) && !document.getElementById(triggerId)?.contains(target)) onClose(false)
    }
    document.addEventListener('pointerdown', leave)
    document.addEventListener('scroll', leave, true)
    return () => {
      document.removeEventListener('pointerdown', leave)
      document.removeEventListener('scroll', leave, true)
    }
  }, [box, triggerId, onClose])
}
