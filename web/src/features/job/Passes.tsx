import type { JobSummary } from '@/api/generated'
import { classes } from '@/lib/classes'
import { formatCount } from '@/lib/format'
import { wordFor } from '@/lib/vocabulary'

import { passSteps } from './passSteps'
import { text } from './text'

/** The passes as a waterfall over all records: each bar begins where the pass before ended. */
export function Passes({ summary }: { summary: JobSummary }) {
  const records = summary.sides.reduce((sum, side) => sum + (side.rows.input ?? 0), 0)
  return (
    <table className="tabular w-full text-13">
      <caption className="sr-only">{text.passes}</caption>
      <thead>
        <tr className="text-left text-12 text-muted">
          <th scope="col" className="pb-1 font-medium">
            {text.passColumns.name}
          </th>
          <th scope="col" className="pb-1 text-right font-medium">
            {text.passColumns.matches}
          </th>
          <th scope="col" className="pb-1 pl-4 text-right font-medium">
            {text.passColumns.records}
          </th>
          <th scope="col" className="pb-1 pl-4 text-right font-medium">
            {text.passColumns.left}
          </th>
        </tr>
      </thead>
      <tbody>
        {passSteps(summary.passes, records).map((step) => (
          <tr key={step.name} className={classes('border-t border-line align-top', step.matches === 0 && 'text-muted')}>
            <th scope="row" className="w-1/2 py-2 text-left font-normal">
              <span className="block">
                {step.name} <span className="text-12 text-muted">{wordFor('method', step.kind)}</span>
              </span>
              <span aria-hidden className="relative mt-1.5 block h-2 rounded-[2px] bg-sunken">
                {step.records > 0 && (
                  <span className="absolute inset-y-0 rounded-[2px] bg-matched-solid" style={{ left: `${step.start * 100}%`, width: `max(2px, ${step.width * 100}%)` }} />
                )}
              </span>
            </th>
            <td className={classes('py-2 text-right', step.matches > 0 && 'font-medium')}>{formatCount(step.matches)}</td>
            <td className="py-2 pl-4 text-right">{formatCount(step.records)}</td>
            <td className="py-2 pl-4 text-right text-muted">{formatCount(step.left)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
