import { useEffect, useRef, useSyncExternalStore } from 'react'
import type { Command } from './command'

/** A command with its context tied in: what the palette and the keyboard see. */
export type BoundCommand = Readonly<{
  id: string
  label: string
  key?: string
  alsoKeys?: readonly string[]
  repeats?: boolean
  group?: string
  icon?: Command['icon']
  enabled: () => boolean
  run: () => void
}>

let bound: readonly BoundCommand[] = []
const listeners = new Set<() => void>()

function publish(next: readonly BoundCommand[]) {
  bound = next
  listeners.forEach((listener) => listener())
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** All commands of what is on the screen now; later ones are nearer to the user. */
export function useBoundCommands(): readonly BoundCommand[] {
  return useSyncExternalStore(subscribe, () => bound)
}

export function boundCommands(): readonly BoundCommand[] {
  return bound
}

/** Offer `commands` to keyboard and palette while the calling component is on the screen. `context` may change with every render; `commands` should not. `isBase` puts them under all others, whoever came first. */
export function useCommands<Context>(commands: readonly Command<Context>[], context: Context, isBase = false): void {
  const latest = useRef(context)
  useEffect(() => {
    latest.current = context
  })
  useEffect(() => {
    const mine = commands.map(
      (one): BoundCommand => ({
        id: one.id,
        label: one.label,
        key: one.key,
        alsoKeys: one.alsoKeys,
        repeats: one.repeats,
        group: one.group,
        icon: one.icon,
        enabled: () => one.enabled?.(latest.current) ?? true,
        run: () => one.run(latest.current),
      }),
    )
    publish(isBase ? [...mine, ...bound] : [...bound, ...mine])
    return () => publish(bound.filter((one) => !mine.includes(one)))
  }, [commands, isBase])
}
