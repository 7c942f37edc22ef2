/** The balance of both sides, by count or by value: what became of every record that came in. */

import type { SideFigures } from '@/api/generated'
import { absoluteMoney, isZero, shareOf } from '@/lib/decimal'
import { subtractMoney, sumMoney } from '@/lib/format'

/** What a record can become; the order is that of the bars. */
export const FATES = ['matched', 'suggested', 'open', 'excluded', 'rejected'] as const
export type Fate = (typeof FATES)[number]

export type Measure = 'count' | 'value'

export interface BalancePart {
  readonly fate: Fate
  /** A count, or a decimal string. */
  readonly amount: string
  /** Of the whole bar, 0..1. By value the shares are of the magnitudes, so that debits and credits do not cancel the drawing. */
  readonly share: number
}

/** Parts of one side's bar, those of zero left out. By value, rejected rows have no amount and are left out too. */
export function balanceParts(side: SideFigures, measure: Measure): BalancePart[] {
  const parts = FATES.map((fate) => ({ fate, amount: amountOf(side, fate, measure) })).filter(({ amount }) => !isZero(amount))
  const whole = sumMoney(parts.map(({ amount }) => absoluteMoney(amount)))
  return parts.map((part) => ({ ...part, share: shareOf(part.amount, whole) }))
}

function amountOf(side: SideFigures, fate: Fate, measure: Measure): string {
  return measure === 'count' ? String(side.rows[fate] ?? 0) : (side.sums[fate] ?? '0')
}

export function hasValues(sides: readonly SideFigures[]): boolean {
  return sides.some((side) => side.sums.input !== undefined)
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
