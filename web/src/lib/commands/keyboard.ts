import { useEffect } from 'react'
import { boundCommands, type BoundCommand } from './registry'

const SEQUENCE_MILLISECONDS = 900
const IS_APPLE = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent)

/** How a pressed key is written in a command: "mod+k", "shift+enter", "a", "?". */
function written(event: KeyboardEvent): string {
  const key = event.key.toLowerCase()
  const parts = []
  if (event.ctrlKey || event.metaKey) parts.push('mod')
  if (event.altKey) parts.push('alt')
  // A sign such as "?" already carries its shift.
  if (event.shiftKey && (event.key.length > 1 || /[a-z]/.test(key))) parts.push('shift')
  return [...parts, key].join('+')
}

/** The parts of a key as people read it: ["Ctrl", "K"]. */
export function keyParts(key: string): string[] {
  const names: Record<string, string> = {
    mod: IS_APPLE ? '⌘' : 'Ctrl',
    shift: IS_APPLE ? '⇧' : 'Shift',
    alt: IS_APPLE ? '⌥' : 'Alt',
    enter: 'Enter',
    escape: 'Esc',
    arrowup: '↑',
    arrowdown: '↓',
    arrowleft: '←',
    arrowright: '→',
  }
  return key.split(/[+ ]/).map((part) => names[part] ?? (part.length === 1 ? part.toUpperCase() : part))
}

/** The value of `aria-keyshortcuts`. */
export function ariaKey(key: string): string {
  return key
    .split(' ')
    .map((step) => step.replace('mod', IS_APPLE ? 'Meta' : 'Control').replace(/\b[a-z]/g, (letter) => letter.toUpperCase()))
    .join(' ')
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'range', 'button', 'submit'].includes(target.type)
}

/** A dialog or menu keeps its keys to itself. */
function isElsewhere(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('dialog, [role="menu"]') !== null
}

function find(key: string): BoundCommand | undefined {
  return boundCommands().findLast((one) => (one.key === key || one.alsoKeys?.includes(key)) && one.enabled())
}

function startsSequence(key: string): boolean {
  return boundCommands().some((one) => one.key?.startsWith(`${key} `) && one.enabled())
}

/** Listen for the keys of all offered commands. Mounted once, by the shell. */
export function useKeyboard(): void {
  useEffect(() => {
    let before = ''
    let beforeAt = 0
    function onKeyDown(event: KeyboardEvent) {
      const key = written(event)
      const plain = !key.startsWith('mod+')
      if (event.defaultPrevented || (plain && (isTyping(event.target) || isElsewhere(event.target)))) return
      const isFresh = before !== '' && event.timeStamp - beforeAt < SEQUENCE_MILLISECONDS
      const found = (isFresh && find(`${before} ${key}`)) || find(key)
      before = !found && startsSequence(key) ? key : ''
      beforeAt = event.timeStamp
      if (!found) return
      event.preventDefault()
      if (!event.repeat || found.repeats) found.run()
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [])
}
