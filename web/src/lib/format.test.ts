import { beforeEach, describe, expect, it, vi } from 'vitest'
import {
  formatAgo,
  formatBytes,
  formatConfidence,
  formatDate,
  formatDuration,
  formatMoney,
  formatPlural,
  formatShare,
  subtractMoney,
  sumMoney,
} from './format'

const speak = (locale: string) => vi.spyOn(navigator, 'languages', 'get').mockReturnValue([locale])
const spaced = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ')

beforeEach(() => void speak('en-GB'))

describe('money', () => {
  it('is shown to the last figure, beyond what a float can hold', () => {
    expect(formatMoney('9007199254740993.01')).toBe('9,007,199,254,740,993.01')
  })
  it('keeps its decimals and has a true minus', () => {
    expect(formatMoney('-1234.50')).toBe('−1,234.50')
    expect(formatMoney('1500')).toBe('1,500')
  })
  it('is written as the reader writes it', () => {
    speak('de-DE')
    expect(formatMoney('-1234.50')).toBe('−1.234,50')
  })
  it('is added and subtracted exactly', () => {
    expect(sumMoney(['0.10', '0.20', '-0.30'])).toBe('0.00')
    expect(sumMoney(['100', '-0.005'])).toBe('99.995')
    expect(subtractMoney('1198.50', '1200.00')).toBe('-1.50')
    expect(subtractMoney('5.00', '-0.25')).toBe('5.25')
    expect(sumMoney([])).toBe('0')
  })
})

describe('shares and probabilities', () => {
  it('never call almost everything everything', () => {
    expect(formatShare(0.99999)).toBe('99.9%')
    expect(formatShare(1)).toBe('100%')
    expect(formatConfidence(0.999)).toBe('0.99')
    expect(formatConfidence(0.29)).toBe('0.29')
  })
})

describe('times', () => {
  it('keep a calendar day where it is, in any time zone', () => {
    expect(formatDate('2026-01-31')).toBe('31 Jan 2026')
  })
  it('say how long ago something was', () => {
    const now = Date.parse('2026-02-02T12:00:00Z')
    expect(formatAgo('2026-02-02T09:30:00Z', now)).toBe('2 hours ago')
    expect(formatAgo('2026-02-02T11:59:50Z', now)).toBe('now')
    expect(formatAgo('2026-02-01T10:00:00Z', now)).toBe('yesterday')
  })
  it('say a span in its two largest units', () => {
    expect(spaced(formatDuration(80))).toBe('1 min 20 s')
    expect(spaced(formatDuration(3600))).toBe('1 h')
    expect(spaced(formatDuration(0.4))).toBe('0.4 s')
    expect(spaced(formatDuration(0))).toBe('0 s')
  })
})

it('chooses the word by the number', () => {
  const words = { one: 'suggestion', other: 'suggestions' }
  expect(formatPlural(1, words)).toBe('1 suggestion')
  expect(formatPlural(1204, words)).toBe('1,204 suggestions')
})

it('shows sizes in the unit that fits', () => {
  expect(spaced(formatBytes(999))).toBe('999 bytes')
  expect(spaced(formatBytes(482_113))).toBe('482 kB')
  expect(spaced(formatBytes(5_400_000))).toBe('5.4 MB')
})
