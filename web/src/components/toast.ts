import { useSyncExternalStore } from 'react'

export type Toast = Readonly<{
  id: number
  message: string
  tone: 'neutral' | 'success' | 'error'
  action?: { label: string; shortcut?: string; run: () => void }
  shownMilliseconds: number
  /** A live region of the page has said it already. */
  isSaid: boolean
}>

const SHOWN_MAX = 3
const SHOWN_MILLISECONDS = { neutral: 5_000, success: 5_000, error: 10_000 }
const WITH_ACTION_MILLISECONDS = 8_000

let toasts: readonly Toast[] = []
let lastId = 0
const listeners = new Set<() => void>()

function publish(next: readonly Toast[]) {
  toasts = next
  listeners.forEach((listener) => listener())
}

/** Say something that asks for no answer. An `action` (undo, say) stays for as long as the toast does. Returns its id for `dismissToast`. */
export function showToast(message: string, { tone = 'neutral', action, isSaid = false }: Partial<Pick<Toast, 'tone' | 'action' | 'isSaid'>> = {}): number {
  lastId += 1
  const shownMilliseconds = action ? WITH_ACTION_MILLISECONDS : SHOWN_MILLISECONDS[tone]
  publish([...toasts, { id: lastId, message, tone, action, shownMilliseconds, isSaid }].slice(-SHOWN_MAX))
  return lastId
}

export function dismissToast(id: number): void {
  publish(toasts.filter((toast) => toast.id !== id))
}

export function useToasts(): readonly Toast[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => toasts,
  )
}
