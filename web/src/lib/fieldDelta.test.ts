import { describe, expect, it } from 'vitest'

import { fieldDelta, type ComparedField } from './fieldDelta'

function field(role: string, left: string | null, right: string | null, verdict: ComparedField['verdict']): ComparedField {
  return { role, left, right, verdict }
}

describe('what stands between two values', () => {
  it('is money for amounts', () => {
    expect(fieldDelta(field('amount', '1198.50', '1200.00', 'similar'), null).text).toBe('−1.50')
  })

  it('is nothing where one side writes the sign the other way round', () => {
    expect(fieldDelta(field('amount', '25.00', '-25', 'equal'), null).text).toBe('=')
  })

  it('is days for dates', () => {
    const delta = fieldDelta(field('value_date', '2026-01-02', '2025-12-31', 'similar'), null)
    expect([delta.text, delta.words]).toEqual(['−2 d', 'right is 2 days earlier'])
  })

  it('is the similarity for texts', () => {
    expect(fieldDelta(field('organisation', 'ACME', 'Acme GmbH', 'similar'), 0.94).text).toBe('~ 0.94')
    expect(fieldDelta(field('reference', 'A', 'B', 'different'), null).text).toBe('≠')
  })

  it('is missing where one side has no value', () => {
    expect(fieldDelta(field('reference', null, 'B', 'missing'), null).kind).toBe('missing')
  })
})
