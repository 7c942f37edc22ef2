import { RotateCcw } from 'lucide-react'
import { Link } from 'react-router'

import type { CalibrationOut, CalibrationPoint, JobOut } from '@/api/generated'
import { Button } from '@/components/Button'
import { formatConfidence, formatCount, formatPlural, formatShare } from '@/lib/format'

import { text } from './text'
import { useJobActions } from './useJobActions'

type Props = { job: JobOut; calibration: CalibrationOut }

/** How far the confidence can be trusted, by how many decisions; and what to do so that it can be trusted more. */
export function Calibration({ job, calibration }: Props) {
  const isCalibrated = calibration.state === 'calibrated'
  return (
    <section aria-label={text.calibration} className="mt-4 border-t border-line pt-3 text-13">
      <p>
        <span className="font-medium">{isCalibrated ? text.calibratedOn(formatPlural(calibration.labels, text.decisions)) : text.uncalibrated}</span>
        <span className="text-soft">. {explanation(calibration)}</span>
      </p>
      {calibration.curve.length > 0 && <Curve points={calibration.curve} />}
      <Next job={job} calibration={calibration} />
    </section>
  )
}

function explanation({ state, learns, labels_min, labels_next }: CalibrationOut): string {
  if (!learns) return text.doesNotLearn
  if (state === 'calibrated') return text.calibratedHint
  if (labels_next < labels_min) return text.missingLabels(formatPlural(labels_min - labels_next, text.moreDecisions), formatCount(labels_next))
  return text.enoughLabels(formatPlural(labels_next, text.decisions))
}

/** Run again where that would teach something; else the pairs from whose answer most is learned. */
function Next({ job, calibration }: Props) {
  const { rerun } = useJobActions(job)
  const { learns, labels, labels_min, labels_next } = calibration
  if (!learns) return null
  const isReady = labels_next > labels && labels_next >= labels_min
  return (
    <p className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-2">
      {isReady && (
        <Button size="small" icon={RotateCcw} isBusy={rerun.isPending} onClick={() => rerun.mutate()}>
          {text.learn(formatCount(labels_next))}
        </Button>
      )}
      <Link to={`/jobs/${job.id}/review?status=all&sort=informative`} className="rounded-sm text-accent underline underline-offset-2">
        {text.labelFirst}
      </Link>
    </p>
  )
}

function Curve({ points }: { points: readonly CalibrationPoint[] }) {
  return (
    <table className="tabular mt-2 w-full">
      <caption className="sr-only">{text.curve}</caption>
      <thead>
        <tr className="text-left text-12 text-muted">
          <th scope="col" className="py-1 font-medium">
            {text.curveColumns.called}
          </th>
          <th scope="col" className="py-1 font-medium">
            {text.curveColumns.right}
          </th>
          <th scope="col" aria-hidden />
          <th scope="col" className="py-1 text-right font-medium">
            {text.curveColumns.labels}
          </th>
        </tr>
      </thead>
      <tbody>
        {points.map((point, place) => (
          <tr key={place} className="border-t border-line">
            <td className="py-1">{formatConfidence(point.confidence)}</td>
            <td className="py-1 whitespace-nowrap">{text.between(formatShare(point.low, 0), formatShare(point.high, 0))}</td>
            <td aria-hidden className="w-2/5 px-3">
              <Interval point={point} />
            </td>
            <td className="py-1 text-right">{formatCount(point.labels)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** The interval as a bar from 0 to 1, and a tick where the confidence said it would be. */
function Interval({ point: { low, high, confidence } }: { point: CalibrationPoint }) {
  return (
    <span className="relative block h-2 rounded-[2px] bg-sunken">
      <span className="absolute inset-y-0 rounded-[2px] bg-matched-solid" style={{ left: `${low * 100}%`, width: `max(2px, ${(high - low) * 100}%)` }} />
      <span className="absolute -inset-y-0.5 w-0.5 bg-ink" style={{ left: `min(calc(100% - 2px), ${confidence * 100}%)` }} />
    </span>
  )
}
