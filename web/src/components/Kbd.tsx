import { classes } from '@/lib/classes'
import { keyParts } from '@/lib/commands'

/** A key as it stands on the keyboard. For the eye only: `aria-keyshortcuts` tells the screen reader. */
export function Kbd({ shortcut, isOnFill = false }: { shortcut: string; isOnFill?: boolean }) {
  return (
    <span aria-hidden className="inline-flex gap-0.5">
      {keyParts(shortcut).map((part, index) => (
        <kbd
          key={index}
          className={classes(
            'inline-flex h-4 min-w-4 items-center justify-center rounded-sm border px-1 font-sans text-[11px] leading-none font-medium',
            isOnFill ? 'border-on-fill/40 text-on-fill' : 'border-line-strong bg-surface text-muted',
          )}
        >
          {part}
        </kbd>
      ))}
    </span>
  )
}
