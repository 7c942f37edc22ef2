/** The stages of a running job and where it stands. */

import type { ProgressOut } from '@/api/generated'

export const STAGES = ['read', 'profile', 'candidates', 'compare', 'score', 'assign', 'store'] as const
export type Stage = (typeof STAGES)[number]

export interface StageState {
  readonly stage: Stage
  readonly state: 'done' | 'now' | 'next'
  /** Of the stage, 0..1. */
  readonly fraction: number
}

/** One state a stage; without progress all lie ahead. */
export function stageStates(progress: ProgressOut | null | undefined): StageState[] {
  const at = STAGES.findIndex((stage) => stage === progress?.stage)
  return STAGES.map((stage, index) => ({
    stage,
    state: index < at ? 'done' : index === at ? 'now' : 'next',
    fraction: index < at ? 1 : index === at ? stageFraction(progress) : 0,
  }))
}

function stageFraction(progress: ProgressOut | null | undefined): number {
  if (!progress || progress.total <= 0) return 0
  return Math.min(1, progress.done / progress.total)
}

/** Things a second between two messages of one stage; null where it cannot be told. Times in milliseconds. */
export function ratePerSecond(
  before: { readonly progress: ProgressOut; readonly at: number } | null,
  now: { readonly progress: ProgressOut; readonly at: number },
): number | null {
  if (!before || before.progress.stage !== now.progress.stage) return null
  const [things, seconds] = [now.progress.done - before.progress.done, (now.at - before.at) / 1000]
  return things > 0 && seconds > 0 ? things / seconds : null
}
