import { describe, expect, it } from 'vitest'

import { atThreshold, joinedBins } from './expectedWrong'

const BINS = [
  { low: 0.4, high: 0.6, count: 10, expected_wrong: 5 },
  { low: 0.8, high: 1, count: 100, expected_wrong: 2 },
]

describe('a confidence threshold', () => {
  it('counts matches above it and those expected wrong', () => {
    expect(atThreshold(BINS, 0.7)).toEqual({ above: 100, below: 10, expectedWrong: 2, expectedMissed: 5 })
  })

  it('takes a cut bin in proportion', () => {
    expect(atThreshold(BINS, 0.5)).toMatchObject({ above: 105, below: 5, expectedWrong: 4.5 })
  })
})

it('joins a hundred bins to twenty bars without losing a match', () => {
  const fine = Array.from({ length: 100 }, (_, index) => ({ low: index / 100, high: (index + 1) / 100, count: index, expected_wrong: 0.5 }))
  const bars = joinedBins(fine)
  expect(bars).toHaveLength(20)
  expect(bars[19]).toEqual({ low: 0.95, high: 1, count: 485, expected_wrong: 2.5 })
  expect(joinedBins([])).toEqual([])
})
