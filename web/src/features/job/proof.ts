/** The proof of conservation: every record that came in is matched, suggested, open, excluded or rejected, to the cent. */

import type { SideFigures } from '@/api/generated'
import { isZero } from '@/lib/decimal'
import { subtractMoney, sumMoney } from '@/lib/format'

/** What a record can become. */
export const FATES = ['matched', 'suggested', 'open', 'excluded', 'rejected'] as const
export type Fate = (typeof FATES)[number]

export type Measure = 'count' | 'value'

function amountOf(side: SideFigures, fate: Fate, measure: Measure): string {
  return measure === 'count' ? String(side.rows[fate] ?? 0) : (side.sums[fate] ?? '0')
}

export interface Proof {
  readonly side: string
  readonly currency: string | null
  readonly input: string
  readonly terms: readonly { readonly fate: Fate; readonly amount: string }[]
  /** Input less all terms; zero where the side is conserved. */
  readonly difference: string
  readonly holds: boolean
}

/** The conservation of one side as a line of terms, recomputed here from the figures rather than believed. */
export function proofOf(side: SideFigures, measure: Measure): Proof {
  const input = measure === 'count' ? String(side.rows.input ?? 0) : (side.sums.input ?? '0')
  const fates = measure === 'count' ? FATES : FATES.filter((fate) => fate !== 'rejected')
  const terms = fates
    .map((fate) => ({ fate, amount: amountOf(side, fate, measure) }))
    .filter(({ fate, amount }) => !isZero(amount) || fate === 'matched' || fate === 'open')
  const difference = subtractMoney(input, sumMoney(terms.map(({ amount }) => amount)))
  return { side: side.side, currency: side.currency, input, terms, difference, holds: isZero(difference) }
}
