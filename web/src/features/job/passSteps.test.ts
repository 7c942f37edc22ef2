import { expect, it } from 'vitest'

import { passSteps } from './passSteps'

it('lets each pass begin where the one before ended', () => {
  const steps = passSteps(
    [
      { name: 'reference', kind: 'exact', matches: 30, left_rows: 30, right_rows: 30 },
      { name: 'sums', kind: 'group', matches: 5, left_rows: 5, right_rows: 15 },
    ],
    100,
  )
  expect(steps.map(({ start, width, left }) => [start, width, left])).toEqual([
    [0, 0.6, 40],
    [0.6, 0.2, 20],
  ])
})
