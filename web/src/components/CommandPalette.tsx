import { CornerDownLeft, Search, type LucideIcon } from 'lucide-react'
import { useId, useState, type KeyboardEvent } from 'react'
import { classes } from '@/lib/classes'
import { useBoundCommands } from '@/lib/commands'
import { Dialog } from './Dialog'
import { Kbd } from './Kbd'
import { text } from './text'

export type PaletteEntry = Readonly<{
  id: string
  label: string
  hint?: string
  group: string
  icon?: LucideIcon
  shortcut?: string
  run: () => void
}>

const SHOWN_MAX = 50

/** Every command of the page and every object in `entries`, found by typing any of its words' beginnings. */
export function CommandPalette({ title, entries, onClose }: { title: string; entries: readonly PaletteEntry[]; onClose: () => void }) {
  const id = useId()
  const [query, setQuery] = useState('')
  const [at, setAt] = useState(0)
  const found = useEntries(entries, query)
  const chosen = found[Math.min(at, found.length - 1)]

  function run(entry: PaletteEntry | undefined) {
    if (!entry) return
    onClose()
    entry.run()
  }
  function onKeyDown(event: KeyboardEvent) {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step !== 0 && found.length > 0) {
      event.preventDefault()
      const next = (Math.min(at, found.length - 1) + step + found.length) % found.length
      setAt(next)
      document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: 'nearest' })
    }
    if (event.key === 'Enter') {
      event.preventDefault()
      run(chosen)
    }
  }
  return (
    <Dialog isOpen title={title} isTitleHidden placement="top" onClose={onClose}>
      <div className="flex items-center gap-3 border-b border-line px-4">
        <Search aria-hidden size={16} className="text-muted" />
        <input
          type="text"
          role="combobox"
          aria-label={text.search}
          aria-expanded
          aria-controls={`${id}-list`}
          aria-activedescendant={chosen ? `${id}-${found.indexOf(chosen)}` : undefined}
          placeholder={text.search}
          // The palette is opened in order to type.
          // eslint-disable-next-line jsx-a11y/no-autofocus
          autoFocus
          value={query}
          onChange={(event) => {
            setQuery(event.target.value)
            setAt(0)
          }}
          onKeyDown={onKeyDown}
          className="h-12 min-w-0 flex-1 bg-transparent text-14 outline-none placeholder:text-muted"
        />
        <Kbd shortcut="escape" />
      </div>
      <ul id={`${id}-list`} role="listbox" aria-label={title} className="max-h-[50vh] overflow-auto p-1">
        {found.map((entry, index) => (
          <PaletteLine
            key={entry.id}
            id={`${id}-${index}`}
            entry={entry}
            isChosen={entry === chosen}
            isFirstOfGroup={entry.group !== found[index - 1]?.group}
            onPoint={() => setAt(index)}
            onRun={() => run(entry)}
          />
        ))}
        {found.length === 0 && <li className="px-3 py-8 text-center text-13 text-muted">{text.noCommand}</li>}
      </ul>
    </Dialog>
  )
}

type PaletteLineProps = {
  id: string
  entry: PaletteEntry
  isChosen: boolean
  isFirstOfGroup: boolean
  onPoint: () => void
  onRun: () => void
}

function PaletteLine({ id, entry, isChosen, isFirstOfGroup, onPoint, onRun }: PaletteLineProps) {
  return (
    <>
      {isFirstOfGroup && (
        <li role="presentation" className="px-3 pt-2 pb-1 text-12 text-muted">
          {entry.group}
        </li>
      )}
      {/* The keys are on the input, as the combobox pattern has it. */}
      {/* eslint-disable-next-line jsx-a11y/click-events-have-key-events */}
      <li
        id={id}
        role="option"
        aria-selected={isChosen}
        onPointerMove={onPoint}
        onClick={onRun}
        className={classes('flex h-9 cursor-pointer items-center gap-3 rounded-sm px-3 text-13', isChosen && 'bg-accent-soft')}
      >
        {entry.icon ? <entry.icon aria-hidden size={16} strokeWidth={1.75} className="shrink-0 text-muted" /> : <span className="w-4" />}
        <span className="truncate">{entry.label}</span>
        {entry.hint && <span className="truncate text-12 text-muted">{entry.hint}</span>}
        <span className="ml-auto shrink-0">
          {isChosen && !entry.shortcut ? <CornerDownLeft aria-hidden size={14} className="text-muted" /> : entry.shortcut && <Kbd shortcut={entry.shortcut} />}
        </span>
      </li>
    </>
  )
}

function useEntries(entries: readonly PaletteEntry[], query: string): PaletteEntry[] {
  const commands = useBoundCommands()
  const fromCommands = commands
    .filter((one) => one.enabled())
    .map((one): PaletteEntry => ({ id: one.id, label: one.label, group: one.group ?? text.page, icon: one.icon, shortcut: one.key, run: one.run }))
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  // What came to the screen last is nearest to the user: the page's commands before those of the application.
  const groups = [...groupsOf(fromCommands).reverse(), ...groupsOf(entries)]
  return groups.flatMap((group) => [...fromCommands, ...entries].filter((entry) => entry.group === group && isFound(entry, words))).slice(0, SHOWN_MAX)
}

function isFound(entry: PaletteEntry, words: string[]): boolean {
  const parts = `${entry.label} ${entry.hint ?? ''} ${entry.group}`.toLowerCase().split(/[\s·/,]+/)
  return words.every((word) => parts.some((part) => part.startsWith(word)))
}

/** In the order in which they first appear. */
function groupsOf(entries: readonly PaletteEntry[]): string[] {
  return [...new Set(entries.map((entry) => entry.group))]
}
