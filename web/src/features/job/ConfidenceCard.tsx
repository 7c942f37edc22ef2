import { useState } from 'react'
import { Link, useNavigate } from 'react-router'

import type { ConfidenceBin, JobSummary } from '@/api/generated'
import { Card } from '@/components/Card'
import { ConfidenceHistogram } from '@/components/Histogram'
import { formatConfidence, formatCount, formatDecimal } from '@/lib/format'

import { Calibration } from './Calibration'
import { atThreshold, joinedBins } from './expectedWrong'
import { confirmConfidence } from './ruleset'
import { text } from './text'

/** How sure the matches are, and what a threshold would cost: move it and read how many above it are expected to be wrong. */
export function ConfidenceCard({ jobId, summary }: { jobId: string; summary: JobSummary }) {
  const bins = summary.confidence
  const [threshold, setThreshold] = useState(() => confirmConfidence(summary.ruleset_yaml))
  const navigate = useNavigate()
  const at = atThreshold(bins, threshold)
  const open = (bin: ConfidenceBin) => void navigate(reviewAddress(jobId, bin.low, bin.high))
  if (bins.every((bin) => bin.count === 0)) {
    return (
      <Card title={text.confidence}>
        <p className="text-13 text-muted">{text.noMatches}</p>
      </Card>
    )
  }
  return (
    <Card title={text.confidence}>
      <ConfidenceHistogram bins={joinedBins(bins)} confirmFrom={threshold} onPick={open} />
      <div className="mt-3 text-13">
        <span aria-hidden className="flex justify-between">
          <span className="text-soft">{text.threshold}</span>
          <span className="tabular font-medium">{formatConfidence(threshold)}</span>
        </span>
        <input
          type="range"
          aria-label={text.threshold}
          min={0}
          max={1}
          step={0.01}
          value={threshold}
          onChange={(event) => setThreshold(Number(event.target.value))}
          className="mt-1 w-full accent-accent-fill"
        />
      </div>
      <p className="tabular mt-2 text-13" role="status">
        <span className="font-medium">{text.atOrAbove(formatCount(at.above))}</span>
        <span className="text-soft">
          , {text.wrong(roughly(at.expectedWrong))}; {text.missed(roughly(at.expectedMissed))}.
        </span>
      </p>
      <p className="mt-1 text-13">
        <Link to={reviewAddress(jobId, 0, threshold)} className="rounded-sm text-accent underline underline-offset-2">
          {text.reviewBelow}
        </Link>
      </p>
      <Calibration job={summary.job} calibration={summary.calibration} />
    </Card>
  )
}

function reviewAddress(jobId: string, low: number, high: number): string {
  const range = [...(low > 0 ? [`confidence_min=${low}`] : []), ...(high < 1 ? [`confidence_max=${high}`] : [])]
  return `/jobs/${jobId}/review?${['status=all', ...range].join('&')}`
}

function roughly(count: number): string {
  return count < 10 ? formatDecimal(count, 1) : formatCount(Math.round(count))
}
