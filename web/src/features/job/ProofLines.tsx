import { Check, X } from 'lucide-react'
import { Fragment } from 'react'

import type { JobSummary, SideFigures } from '@/api/generated'
import { classes } from '@/lib/classes'
import { formatCount, formatMoney } from '@/lib/format'

import { proofOf, type Measure, type Proof } from './proof'
import { text } from './text'

/** Conservation as one ticked line a side and currency, recomputed from the figures on the page. */
export function ProofLines({ summary }: { summary: JobSummary }) {
  const proofs = summary.sides.flatMap((side) => measuresOf(side).map((measure) => ({ measure, proof: proofOf(side, measure) })))
  const holds = summary.conserved && proofs.every(({ proof }) => proof.holds)
  return (
    <div className="mt-5 border-t border-line pt-4">
      <p className={classes('mb-1.5 text-13 font-medium', holds ? 'text-matched' : 'text-conflict')}>{holds ? text.conserved : text.notConserved}</p>
      <ul className="space-y-1">
        {proofs.map(({ measure, proof }) => (
          <Line key={`${proof.side} ${proof.currency} ${measure}`} proof={proof} measure={measure} />
        ))}
      </ul>
    </div>
  )
}

function measuresOf(side: SideFigures): Measure[] {
  return side.sums.input === undefined ? ['count'] : ['count', 'value']
}

function Line({ proof, measure }: { proof: Proof; measure: Measure }) {
  const shown = (amount: string) => (measure === 'count' ? formatCount(Number(amount)) : formatMoney(amount))
  const Icon = proof.holds ? Check : X
  return (
    <li className="tabular flex items-baseline gap-2 text-13 text-soft">
      <Icon aria-hidden size={14} className={classes('shrink-0 self-center', proof.holds ? 'text-matched' : 'text-conflict')} />
      <span>
        <span className="text-muted">
          {proof.side === 'left' ? text.side.left : text.side.right} {measure === 'count' ? text.rows : (proof.currency ?? '')}{' '}
        </span>
        {text.proofIn} <strong className="font-medium text-ink">{shown(proof.input)}</strong> ={' '}
        {proof.terms.map(({ fate, amount }, index) => (
          <Fragment key={fate}>
            {index > 0 && ' + '}
            {text.fates[fate]} {shown(amount)}
          </Fragment>
        ))}
        {!proof.holds && <span className="text-conflict"> · {text.offBy(shown(proof.difference))}</span>}
      </span>
    </li>
  )
}
