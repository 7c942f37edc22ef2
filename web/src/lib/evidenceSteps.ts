/** The geometry of an evidence waterfall: bits of belief from the prior, field by field, to the confidence. */

export interface EvidenceWeight {
  readonly field: string
  readonly weight_bits: number
}

/** One bar. `from` and `to` are running totals in bits; `start` and `width` place it on the axis, 0..1. */
export interface EvidenceStep {
  readonly kind: 'prior' | 'evidence' | 'rivals' | 'total'
  readonly label: string
  readonly bits: number
  readonly from: number
  readonly to: number
  readonly start: number
  readonly width: number
}

export interface EvidenceWaterfallSteps {
  readonly steps: readonly EvidenceStep[]
  /** Where 0 bits (even odds) lies on the axis, 0..1. */
  readonly even: number
}

const BITS_MAX = 40; // beyond one in a million million nobody reads the difference
const REMAINDER_BITS_MIN = 0.05

/** log2 of the odds, held within ±40. */
export function bitsOf(probability: number): number {
  if (probability <= 0) return -BITS_MAX
  if (probability >= 1) return BITS_MAX
  return clamp(Math.log2(probability / (1 - probability)))
}

export function probabilityOf(bits: number): number {
  return 1 / (1 + 2 ** -bits)
}

function clamp(bits: number): number {
  return Math.max(-BITS_MAX, Math.min(BITS_MAX, bits))
}

/**
 * Prior, one step a field in the given order, and the total. What evidence and prior leave unexplained of the confidence
 * (rivals of both records, calibration) is a step of its own, so that the bars always add up. A null confidence ends at the sum.
 */
export function evidenceSteps(prior_bits: number, evidence: readonly EvidenceWeight[], confidence: number | null): EvidenceWaterfallSteps {
  const sum = evidence.reduce((total, { weight_bits }) => total + weight_bits, prior_bits)
  const saturated = confidence !== null && (confidence <= 0 || confidence >= 1 || Math.abs(bitsOf(confidence)) >= BITS_MAX)
  const end = confidence === null || saturated ? sum : bitsOf(confidence)
  const remainder = end - sum
  const bars: Omit<EvidenceStep, 'from' | 'to' | 'start' | 'width'>[] = [
    { kind: 'prior', label: 'prior', bits: prior_bits },
    ...evidence.map(({ field, weight_bits }) => ({ kind: 'evidence' as const, label: field, bits: weight_bits })),
  ]
  if (Math.abs(remainder) >= REMAINDER_BITS_MIN) bars.push({ kind: 'rivals', label: 'rivals and calibration', bits: remainder })
  let running = 0
  const spans = bars.map((bar) => ({ ...bar, from: running, to: (running += bar.bits) }))
  spans.push({ kind: 'total', label: 'total', bits: running, from: 0, to: running })
  return placed(spans)
}

function placed(spans: readonly Omit<EvidenceStep, 'start' | 'width'>[]): EvidenceWaterfallSteps {
  const ends = spans.flatMap(({ from, to }) => [from, to])
  const [low, high] = [Math.min(0, ...ends), Math.max(0, ...ends)]
  const span = high - low || 1
  const steps = spans.map((bar) => ({
    ...bar,
    start: (Math.min(bar.from, bar.to) - low) / span,
    width: Math.abs(bar.to - bar.from) / span,
  }))
  return { steps, even: -low / span }
}
