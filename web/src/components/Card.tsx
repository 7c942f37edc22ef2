import { useId, type ReactNode } from 'react'
import { classes } from '@/lib/classes'

/** A titled block of a page. */
export function Card({
  title,
  action,
  isFlush = false,
  className,
  children,
}: {
  title?: string
  action?: ReactNode
  /** The content reaches the edges: for lists and tables. */
  isFlush?: boolean
  className?: string
  children: ReactNode
}) {
  const id = useId()
  return (
    <section aria-labelledby={title && id} className={classes('rounded-md border border-line bg-surface', className)}>
      {title && (
        <header className="flex min-h-11 items-center gap-3 border-b border-line px-4 py-1.5">
          <h2 id={id} className="flex-1 text-14 font-semibold">
            {title}
          </h2>
          {action}
        </header>
      )}
      <div className={isFlush ? '' : 'p-4'}>{children}</div>
    </section>
  )
}
