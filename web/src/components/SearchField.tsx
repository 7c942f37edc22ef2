import { Search } from 'lucide-react'
import type { Ref } from 'react'
import { useTyped } from '@/lib/useTyped'

/** A search over a list, applied when the typing pauses. Enter and Escape give the keys back to the list. */
export function SearchField({
  label,
  value,
  onChange,
  inputRef,
  shortcut,
}: {
  label: string
  value: string
  onChange: (value: string) => void
  inputRef?: Ref<HTMLInputElement>
  shortcut?: string
}) {
  const [typed, setTyped] = useTyped(value, onChange)
  return (
    <span className="relative min-w-56 flex-1">
      <Search aria-hidden size={16} className="absolute top-2 left-2.5 text-muted" />
      <input
        ref={inputRef}
        type="search"
        aria-label={label}
        aria-keyshortcuts={shortcut?.toUpperCase()}
        placeholder={label}
        className="h-8 w-full rounded-md border border-line-strong bg-surface pr-2 pl-8 text-13 text-ink placeholder:text-muted"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' || event.key === 'Escape') event.currentTarget.blur()
        }}
      />
    </span>
  )
}
