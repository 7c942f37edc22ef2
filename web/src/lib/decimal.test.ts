import { describe, expect, it } from 'vitest'

import { absoluteMoney, isDecimal, isZero, shareOf } from './decimal'

describe('decimal strings', () => {
  it('know zero in every spelling', () => {
    expect(isZero('-0.00')).toBe(true)
    expect(isZero('0.01')).toBe(false)
    expect(() => isZero('1,5')).toThrow("'1,5' is not a decimal.")
  })

  it('lose their sign on demand', () => {
    expect(absoluteMoney('-0.05')).toBe('0.05')
  })

  it('give shares of a whole for drawing, without sign', () => {
    expect(shareOf('-25.00', '100')).toBe(0.25)
    expect(shareOf('1.00', '0.00')).toBe(0)
  })

  it('are told from other texts', () => {
    expect(['-12.50', '7', '.'].map(isDecimal)).toEqual([true, true, false])
    expect(isDecimal('INV-1')).toBe(false)
  })
})
