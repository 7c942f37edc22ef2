import { describe, expect, it } from 'vitest'

import { bitsOf, evidenceSteps, probabilityOf } from './evidenceSteps'

const EVIDENCE = [
  { field: 'amount', weight_bits: -0.8 },
  { field: 'reference', weight_bits: 9.2 },
]

describe('evidence steps', () => {
  it('start at the prior and each begins where the one before ended', () => {
    const { steps } = evidenceSteps(-4, EVIDENCE, probabilityOf(4.4))
    expect(steps.map((step) => step.kind)).toEqual(['prior', 'evidence', 'evidence', 'total'])
    expect(steps.map((step) => step.from)).toEqual([0, -4, -4.8, 0])
    expect(steps.at(-1)?.to).toBeCloseTo(4.4)
  })

  it('add up to the confidence, naming what rivals took', () => {
    const { steps } = evidenceSteps(-4, EVIDENCE, 0.5)
    const rivals = steps.find((step) => step.kind === 'rivals')
    expect(rivals?.bits).toBeCloseTo(-4.4)
    expect(steps.at(-1)?.to).toBeCloseTo(0)
  })

  it('do not invent rivals for a confidence of one', () => {
    expect(evidenceSteps(-4, EVIDENCE, 1).steps.some((step) => step.kind === 'rivals')).toBe(false)
  })

  it('stay inside the axis', () => {
    const { steps, even } = evidenceSteps(-12, EVIDENCE, 0.9)
    for (const { start, width } of steps) {
      expect(start).toBeGreaterThanOrEqual(0)
      expect(start + width).toBeLessThanOrEqual(1.000001)
    }
    expect(even).toBeGreaterThan(0)
  })

  it('hold certainty within limits', () => {
    expect(bitsOf(1)).toBe(40)
    expect(bitsOf(0.5)).toBe(0)
  })
})
