import type { LucideIcon } from 'lucide-react'

/**
 * One thing a person can do, behind the button, the key and the palette alike.
 * `key` is written as pressed: "a", "?", "mod+k" (Ctrl, or Cmd on a Mac), "g h" (one after the other).
 */
export type Command<Context = void> = Readonly<{
  id: string
  label: string
  key?: string
  /** Other keys that do the same; help and buttons show `key` alone. */
  alsoKeys?: readonly string[]
  /** A held key runs it again and again, as for moving. Without it, holding the key down does it once. */
  repeats?: boolean
  group?: string
  icon?: LucideIcon
  enabled?: (context: Context) => boolean
  run: (context: Context) => void
}>

export function command<Context = void>(definition: Command<Context>): Command<Context> {
  return Object.freeze(definition)
}
