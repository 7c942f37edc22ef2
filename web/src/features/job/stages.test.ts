import { describe, expect, it } from 'vitest'

import type { ProgressOut } from '@/api/generated'
import { ratePerSecond, stageStates } from './stages'

function progress(stage: string, done: number, total = 100): ProgressOut {
  return { sequence: 1, stage, fraction: 0.5, done, total, message: '' }
}

describe('the stage bar', () => {
  it('fills the stages before the running one', () => {
    const states = stageStates(progress('compare', 25))
    expect(states.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'now', 'next', 'next', 'next'])
    expect(states[3]?.fraction).toBe(0.25)
  })

  it('is empty before the first message', () => {
    expect(stageStates(null).every(({ state }) => state === 'next')).toBe(true)
  })

  it('tells the rate within a stage only', () => {
    const before = { progress: progress('compare', 10), at: 1000 }
    expect(ratePerSecond(before, { progress: progress('compare', 30), at: 3000 })).toBe(10)
    expect(ratePerSecond(before, { progress: progress('score', 30), at: 3000 })).toBeNull()
  })
})
