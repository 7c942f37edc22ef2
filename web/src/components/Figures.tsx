import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { classes } from '@/lib/classes'

export type Figure = Readonly<{
  name: string
  value: string
  /** Where the records behind the figure are. */
  to?: string
  /** Beside the value: a trend. */
  aside?: ReactNode
}>

/** One row of numbers, each under its name. */
export function Figures({ figures }: { figures: readonly Figure[] }) {
  return (
    <dl className={classes('grid grid-cols-2 gap-px overflow-hidden rounded-md border border-line bg-line', figures.length === 5 ? 'tablet:grid-cols-5' : 'tablet:grid-cols-4')}>
      {figures.map((figure) => (
        <FigureCell key={figure.name} figure={figure} />
      ))}
    </dl>
  )
}

function FigureCell({ figure: { name, value, to, aside } }: { figure: Figure }) {
  return (
    <div className={classes('relative bg-surface px-4 py-3 last:odd:col-span-2 tablet:last:odd:col-span-1', to && 'hover:bg-canvas')}>
      <dt className="text-12 text-muted">{name}</dt>
      <dd className="m-0 mt-1 flex items-center justify-between gap-3">
        <span className="tabular text-28 font-semibold">
          {to ? (
            <Link to={to} className="rounded-sm outline-offset-4 after:absolute after:inset-0">
              {value}
            </Link>
          ) : (
            value
          )}
        </span>
        {aside}
      </dd>
    </div>
  )
}
