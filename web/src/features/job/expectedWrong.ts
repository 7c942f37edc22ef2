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

const BARS_MAX = 20

/** Neighbouring bins joined until there are at most 20: more bars than that cannot be told apart or carry their number. */
export function joinedBins(bins: readonly ConfidenceBin[]): ConfidenceBin[] {
  const size = Math.ceil(bins.length / BARS_MAX)
  const groups = Array.from({ length: Math.ceil(bins.length / size) }, (_, index) => bins.slice(index * size, (index + 1) * size))
  return groups.map((group) => ({
    low: group[0]?.low ?? 0,
    high: group.at(-1)?.high ?? 1,
    count: group.reduce((sum, bin) => sum + bin.count, 0),
    expected_wrong: group.reduce((sum, bin) => sum + bin.expected_wrong, 0),
  }))
}
