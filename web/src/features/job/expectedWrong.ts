/** What a confidence threshold would cost: how many matches lie above it, and how many of those are expected to be wrong. */

import type { ConfidenceBin } from '@/api/generated'

export interface AtThreshold {
  readonly above: number
  readonly below: number
  readonly expectedWrong: number
  /** Right matches that the threshold would leave out: the sum of confidence below it. */
  readonly expectedMissed: number
}

/** Counts at a threshold; a bin that the threshold cuts counts in proportion. */
export function atThreshold(bins: readonly ConfidenceBin[], threshold: number): AtThreshold {
  let [above, below, expectedWrong, expectedMissed] = [0, 0, 0, 0]
  for (const bin of bins) {
    const share = shareAbove(bin, threshold)
    above += bin.count * share
    below += bin.count * (1 - share)
    expectedWrong += bin.expected_wrong * share
    expectedMissed += (bin.count - bin.expected_wrong) * (1 - share)
  }
  return { above: Math.round(above), below: Math.round(below), expectedWrong, expectedMissed }
}

function shareAbove(bin: ConfidenceBin, threshold: number): number {
  if (threshold <= bin.low) return 1
  if (threshold >= bin.high) return 0
  return (bin.high - threshold) / (bin.high - bin.low)
}
