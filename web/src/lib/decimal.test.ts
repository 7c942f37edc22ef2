import { describe, expect, it } from 'vitest'

import { absoluteDecimal, isZero, shareOf, subtractDecimals, sumDecimals } from './decimal'

describe('decimal strings', () => {
  it('add to the cent where floats would not', () => {
    expect(sumDecimals(['0.10', '0.20'])).toBe('0.30')
    expect(sumDecimals(['9007199254740993.01', '0.01'])).toBe('9007199254740993.02')
  })

  it('keep the decimals of the most precise term', () => {
    expect(sumDecimals(['1', '-0.005', '2.5'])).toBe('3.495')
    expect(sumDecimals([])).toBe('0')
  })

  it('keep the sign of amounts below one', () => {
    expect(subtractDecimals('0.00', '0.05')).toBe('-0.05')
    expect(absoluteDecimal('-0.05')).toBe('0.05')
  })

  it('know zero in every spelling', () => {
    expect(isZero('-0.00')).toBe(true)
    expect(isZero('0.01')).toBe(false)
  })

  it('give shares of a whole for drawing, without sign', () => {
    expect(shareOf('-25.00', '100')).toBe(0.25)
    expect(shareOf('1.00', '0.00')).toBe(0)
  })

  it('refuse what is not a decimal', () => {
    expect(() => sumDecimals(['1,5'])).toThrow("'1,5' is not a decimal.")
  })
})
