import type { LucideIcon } from 'lucide-react'
import { Check } from 'lucide-react'
import { useEffect, useId, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactElement, type ReactNode } from 'react'
import { classes } from '@/lib/classes'
import { placeBeside } from './beside'
import { Kbd } from './Kbd'

export type MenuItem =
  | { kind?: 'item'; id: string; label: string; icon?: LucideIcon; shortcut?: string; isChecked?: boolean; isDanger?: boolean; onSelect: () => void }
  | { kind: 'heading'; id: string; label: ReactNode }
  | { kind: 'line'; id: string }

type TriggerProps = {
  id: string
  'aria-haspopup': 'menu'
  'aria-expanded': boolean
  onClick: () => void
  onKeyDown: (event: KeyboardEvent) => void
}

/** A button's menu, drawn beside it and not in the body: so it is inside of its landmark, and above its dialog where there is one. `trigger` draws the button and spreads what it is given. Arrows, Home, End and first letters move; Escape closes. */
export function Menu({
  label,
  items,
  align = 'start',
  trigger,
}: {
  label: string
  items: readonly MenuItem[]
  align?: 'start' | 'end'
  trigger: (props: TriggerProps) => ReactElement
}) {
  const id = useId()
  const [isOpen, setIsOpen] = useState(false)
  const close = () => {
    setIsOpen(false)
    document.getElementById(id)?.focus()
  }
  return (
    <>
      {trigger({
        id,
        'aria-haspopup': 'menu',
        'aria-expanded': isOpen,
        onClick: () => setIsOpen(!isOpen),
        onKeyDown: (event) => {
          if (event.key !== 'ArrowDown') return
          event.preventDefault()
          setIsOpen(true)
        },
      })}
      {isOpen && <OpenMenu triggerId={id} label={label} items={items} align={align} onClose={close} />}
    </>
  )
}

type OpenMenuProps = { triggerId: string; label: string; items: readonly MenuItem[]; align: 'start' | 'end'; onClose: () => void }

function OpenMenu({ triggerId, label, items, align, onClose }: OpenMenuProps) {
  const menu = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    const anchor = document.getElementById(triggerId)
    if (menu.current && anchor) placeBeside(menu.current, anchor.getBoundingClientRect(), align)
    options(menu.current)[0]?.focus()
  }, [triggerId, align])
  useEffect(() => {
    const onPointerDown = (event: PointerEvent) => {
      const target = event.target as Node
      if (!menu.current?.contains(target) && !document.getElementById(triggerId)?.contains(target)) onClose()
    }
    document.addEventListener('pointerdown', onPointerDown)
    return () => document.removeEventListener('pointerdown', onPointerDown)
  }, [triggerId, onClose])

  function onKeyDown(event: KeyboardEvent) {
    const all = options(menu.current)
    const at = all.indexOf(document.activeElement as HTMLElement)
    const target = destination(event.key, all, at)
    if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault()
      event.stopPropagation()
      onClose()
    } else if (target) {
      event.preventDefault()
      target.focus()
    }
  }
  return (
    <div
      ref={menu}
      role="menu"
      tabIndex={-1}
      aria-label={label}
      onKeyDown={onKeyDown}
      className="fixed z-40 max-h-[70vh] min-w-52 overflow-auto rounded-md border border-line bg-raised p-1 shadow-overlay"
    >
      {items.map((item) => (
        <MenuEntry key={item.id} item={item} onClose={onClose} />
      ))}
    </div>
  )
}

function MenuEntry({ item, onClose }: { item: MenuItem; onClose: () => void }) {
  if (item.kind === 'line') return <div role="separator" className="-mx-1 my-1 border-t border-line" />
  if (item.kind === 'heading') return <div className="px-2 py-1.5 text-12 text-muted">{item.label}</div>
  const isChoice = item.isChecked !== undefined
  return (
    <button
      type="button"
      role={isChoice ? 'menuitemradio' : 'menuitem'}
      aria-checked={isChoice ? item.isChecked : undefined}
      tabIndex={-1}
      onClick={() => {
        onClose()
        item.onSelect()
      }}
      className={classes(
        'flex w-full items-center gap-2 rounded-sm px-2 py-1.5 text-left text-13 hover:bg-sunken focus:bg-sunken focus:outline-none',
        item.isDanger && 'text-conflict',
      )}
    >
      {item.icon && <item.icon aria-hidden size={16} strokeWidth={1.75} className={item.isDanger ? '' : 'text-muted'} />}
      <span className="flex-1 truncate">{item.label}</span>
      {item.isChecked && <Check aria-hidden size={16} className="text-accent" />}
      {item.shortcut && <Kbd shortcut={item.shortcut} />}
    </button>
  )
}

const options = (menu: HTMLElement | null) => [...(menu?.querySelectorAll<HTMLElement>('[role^="menuitem"]') ?? [])]

function destination(key: string, all: HTMLElement[], at: number): HTMLElement | undefined {
  if (key === 'ArrowDown') return all[(at + 1) % all.length]
  if (key === 'ArrowUp') return all[(at - 1 + all.length) % all.length]
  if (key === 'Home') return all[0]
  if (key === 'End') return all.at(-1)
  if (key.length !== 1 || key === ' ') return undefined
  const fromHere = [...all.slice(at + 1), ...all.slice(0, at + 1)]
  return fromHere.find((option) => option.textContent?.trim().toLowerCase().startsWith(key.toLowerCase()))
}
