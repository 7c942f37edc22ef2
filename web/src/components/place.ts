import { useEffect, useSyncExternalStore } from 'react'

/** Where the user is: shown in the top bar and in the window's title. */
export type Place = Readonly<{
  title: string
  /** The project around the page, for the breadcrumb's project switch. */
  project?: Readonly<{ id: string; name: string }>
  /** Steps between the project and the page. */
  trail?: readonly Readonly<{ label: string; to: string }>[]
}>

const NOWHERE: Place = { title: '' }
let place = NOWHERE
const listeners = new Set<() => void>()

function move(next: Place) {
  place = next
  document.title = next.title ? `${next.title} · 378` : '378 Reconciliation'
  listeners.forEach((listener) => listener())
}

/** Tell the shell which page this is. Call it once, at the top of a page. */
export function usePlace({ title, project, trail }: Place): void {
  const written = JSON.stringify({ title, project, trail })
  useEffect(() => move(JSON.parse(written) as Place), [written])
}

export function useCurrentPlace(): Place {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => place,
  )
}
