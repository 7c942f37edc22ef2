import type { Facet } from '@/api/generated'
import { Skeleton } from '@/components/Skeleton'
import { Money } from '@/components/Value'
import { classes } from '@/lib/classes'
import { formatCount } from '@/lib/format'
import { wordFor } from '@/lib/vocabulary'

import { text } from './text'

/** The types of exception on this side with their number and value; one of them, or all, is chosen. */
export function Facets({ types, chosen, onChoose }: { types: readonly Facet[] | undefined; chosen: string; onChoose: (type: string) => void }) {
  return (
    <nav aria-label={text.types} className="shrink-0 desktop:w-56 desktop:overflow-y-auto">
      <h2 className="mb-1 px-2 max-desktop:sr-only text-12 font-medium text-muted">{text.types}</h2>
      {types ? (
        <ul className="max-desktop:flex max-desktop:flex-wrap max-desktop:gap-1">
          <FacetLine label={text.allTypes} count={types.reduce((sum, type) => sum + type.count, 0)} amounts={{}} isChosen={chosen === ''} onChoose={() => onChoose('')} />
          {types.map((type) => (
            <FacetLine
              key={type.value}
              label={wordFor('exceptionType', type.value)}
              count={type.count}
              amounts={type.amounts}
              isChosen={chosen === type.value}
              onChoose={() => onChoose(type.value)}
            />
          ))}
        </ul>
      ) : (
        <div className="space-y-2 px-2" aria-hidden>
          {Array.from({ length: 6 }, (_, index) => (
            <Skeleton key={index} className="h-6 w-full" />
          ))}
        </div>
      )}
    </nav>
  )
}

type LineProps = { label: string; count: number; amounts: Readonly<Record<string, string>>; isChosen: boolean; onChoose: () => void }

function FacetLine({ label, count, amounts, isChosen, onChoose }: LineProps) {
  return (
    <li>
      <button
        type="button"
        aria-pressed={isChosen}
        onClick={onChoose}
        className={classes('w-full rounded-md px-2 py-1.5 text-left text-13', isChosen ? 'bg-accent-soft font-medium' : 'hover:bg-sunken')}
      >
        <span className="flex items-baseline gap-2">
          <span className="flex-1 truncate">{label}</span>
          <span className="tabular">{formatCount(count)}</span>
        </span>
        {Object.entries(amounts).map(([currency, amount]) => (
          <span key={currency} className="block text-12 font-normal text-muted">
            <Money amount={amount} currency={currency} />
          </span>
        ))}
      </button>
    </li>
  )
}
