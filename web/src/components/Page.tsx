import type { ReactNode } from 'react'
import { classes } from '@/lib/classes'

/** The frame of an ordinary page: title, actions, content in a readable width. Pages that use the whole window lay themselves out. */
export function Page({
  title,
  description,
  actions,
  isNarrow = false,
  children,
}: {
  title: ReactNode
  description?: ReactNode
  actions?: ReactNode
  isNarrow?: boolean
  children: ReactNode
}) {
  return (
    <div className={classes('mx-auto flex w-full flex-col gap-6 px-4 py-6 tablet:px-8 tablet:py-8', isNarrow ? 'max-w-3xl' : 'max-w-[76rem]')}>
      <header className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-[min(22rem,100%)] flex-1">
          <h1 className="text-20 font-semibold break-words">{title}</h1>
          {description && <p className="mt-1 max-w-2xl text-14 text-muted">{description}</p>}
        </div>
        {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
      </header>
      {children}
    </div>
  )
}
