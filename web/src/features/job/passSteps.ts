/** The passes of a job as a waterfall: how many records each took from the pool, and what it left to the next. */

import type { PassFigures } from '@/api/generated'

export interface PassStep {
  readonly name: string
  readonly kind: string
  readonly matches: number
  readonly records: number
  /** Records of both sides still in the pool after this pass. */
  readonly left: number
  /** Place and width of the bar on the axis of all records, 0..1. */
  readonly start: number
  readonly width: number
}

/** One step a pass, in order. `records` is the number of records of both sides that entered the job. */
export function passSteps(passes: readonly PassFigures[], records: number): PassStep[] {
  const whole = Math.max(records, 1)
  let taken = 0
  return passes.map((pass) => {
    const start = taken / whole
    const count = pass.left_rows + pass.right_rows
    taken += count
    return { name: pass.name, kind: pass.kind, matches: pass.matches, records: count, left: records - taken, start, width: count / whole }
  })
}
