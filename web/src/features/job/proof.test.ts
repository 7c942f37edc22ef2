import { describe, expect, it } from 'vitest'

import type { SideFigures } from '@/api/generated'
import { proofOf } from './proof'

const SIDE: SideFigures = {
  side: 'left',
  currency: 'EUR',
  rows: { input: 10, matched: 6, suggested: 2, open: 1, excluded: 0, rejected: 1 },
  sums: { input: '100.00', matched: '130.00', suggested: '20.00', open: '-50.00', excluded: '0.00', rejected: '0.00' },
}

describe('the proof of conservation', () => {
  it('holds where the terms give the input to the cent', () => {
    expect(proofOf(SIDE, 'value')).toMatchObject({ input: '100.00', difference: '0.00', holds: true })
    expect(proofOf(SIDE, 'count').holds).toBe(true)
  })

  it('names the difference where they do not', () => {
    const broken = { ...SIDE, sums: { ...SIDE.sums, open: '-50.01' } }
    expect(proofOf(broken, 'value')).toMatchObject({ difference: '0.01', holds: false })
  })
})
