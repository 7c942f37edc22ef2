import { Link } from 'react-router'

import type { ExceptionFigures } from '@/api/generated'
import { Card } from '@/components/Card'
import { Money } from '@/components/Value'
import { formatCount } from '@/lib/format'
import { wordFor } from '@/lib/vocabulary'

import { text } from './text'

/** What stayed open on each side by type; each line leads to its records. */
export function ExceptionTypes({ jobId, figures }: { jobId: string; figures: readonly ExceptionFigures[] }) {
  if (figures.length === 0) {
    return (
      <Card title={text.exceptionsByType}>
        <p className="text-13 text-muted">{text.noExceptions}</p>
      </Card>
    )
  }
  return (
    <Card title={text.exceptionsByType}>
      <div className="grid gap-8 tablet:grid-cols-2">
        {(['left', 'right'] as const).map((side) => (
          <Side key={side} jobId={jobId} side={side} figures={figures.filter((figure) => figure.side === side)} />
        ))}
      </div>
    </Card>
  )
}

function Side({ jobId, side, figures }: { jobId: string; side: 'left' | 'right'; figures: readonly ExceptionFigures[] }) {
  const most = Math.max(1, ...figures.map((figure) => figure.count))
  return (
    <section>
      <h3 className="mb-1 text-12 font-medium text-muted">{text.side[side]}</h3>
      <ul>
        {figures.map((figure) => (
          <li key={figure.type} className="border-t border-line first:border-t-0">
            <Link to={`/jobs/${jobId}/exceptions?side=${side}&type=${figure.type}`} className="block rounded-sm px-1 py-1.5 hover:bg-canvas">
              <span className="tabular flex items-baseline gap-3 text-13">
                <span className="flex-1 truncate">{wordFor('exceptionType', figure.type)}</span>
                <span className="text-right text-12 text-muted">
                  {Object.entries(figure.amounts).map(([currency, amount]) => (
                    <Money key={currency} amount={amount} currency={currency} className="ml-3" />
                  ))}
                </span>
                <span className="w-14 text-right font-medium">{formatCount(figure.count)}</span>
              </span>
              <span aria-hidden className="mt-1 block h-1 rounded-full bg-open-solid" style={{ width: `${(figure.count / most) * 100}%` }} />
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}
