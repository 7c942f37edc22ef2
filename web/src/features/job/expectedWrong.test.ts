import { describe, expect, it } from 'vitest'

import { atThreshold } from './expectedWrong'

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
