import { describe, expect, it } from 'vitest'

import type { RecordOut } from '@/api/generated'
import { amountOf, groupOf } from './members'

const record = (side: 'left' | 'right', row: number, values: Record<string, string | null> = {}): RecordOut => ({ side, row, values })

describe('the amount of a record', () => {
  it('is its amount column', () => {
    expect(amountOf(record('left', 1, { Betrag: '12.50' }), [{ name: 'Betrag', role: 'amount' }])).toBe('12.50')
  })

  it('is debit less credit where there are two columns', () => {
    const columns = [
      { name: 'Soll', role: 'debit' },
      { name: 'Haben', role: 'credit' },
    ]
    expect(amountOf(record('left', 1, { Soll: null, Haben: '5.00' }), columns)).toBe('-5.00')
  })

  it('is unknown where the text is no decimal', () => {
    expect(amountOf(record('left', 1, { Betrag: '12,5O' }), [{ name: 'Betrag', role: 'amount' }])).toBeNull()
  })
})

describe('a group', () => {
  const left = [{ record: record('left', 1), amount: '300.00' }]
  const right = ['100.00', '120.00', '80.00'].map((amount, row) => ({ record: record('right', row), amount }))

  it('runs down to its residual', () => {
    expect(groupOf(left, right, '0.00').members.map((member) => member.running)).toEqual(['300.00', '200.00', '80.00', '0.00'])
  })

  it('does so with the other sign on one side', () => {
    const flipped = right.map((one) => ({ ...one, amount: `-${one.amount}` }))
    expect(groupOf(left, flipped, '0.00').members.at(-1)?.running).toBe('0.00')
  })

  it('gives no running difference past an unknown amount', () => {
    const group = groupOf(left, [{ record: record('right', 0), amount: null }], null)
    expect([group.members.at(-1)?.running, group.rightSum]).toEqual([null, null])
  })
})
