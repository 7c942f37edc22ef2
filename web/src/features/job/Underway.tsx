import { X } from 'lucide-react'
import { useState } from 'react'

import type { JobOut, ProgressOut } from '@/api/generated'
import { Button } from '@/components/Button'
import { Card } from '@/components/Card'
import { Select } from '@/components/Field'
import { ProgressBar } from '@/components/ProgressBar'
import { formatCount, formatDuration, formatShare } from '@/lib/format'

import { StageBar } from './StageBar'
import { ratePerSecond } from './stages'
import { text } from './text'
import { useJobActions } from './useJobActions'

/** A job that waits or runs: how far, how fast, how long still, and the way to stop it. */
export function Underway({ job }: { job: JobOut }) {
  const { cancel } = useJobActions(job)
  const isQueued = job.status === 'queued'
  return (
    <Card
      title={isQueued ? text.queuedTitle : text.runningTitle}
      action={
        <Button icon={X} isBusy={cancel.isPending} onClick={() => cancel.mutate()}>
          {text.cancel}
        </Button>
      }
    >
      {isQueued ? <Queued job={job} /> : <Running job={job} />}
      <div className="mt-6">
        <StageBar progress={isQueued ? null : job.progress} />
      </div>
    </Card>
  )
}

const PRIORITIES = [
  { value: 8, label: text.priorities.high },
  { value: 5, label: text.priorities.normal },
  { value: 2, label: text.priorities.low },
]

function Queued({ job }: { job: JobOut }) {
  const { prioritise } = useJobActions(job)
  const [chosen, setChosen] = useState('')
  return (
    <div className="flex flex-wrap items-end justify-between gap-4">
      <div>
        <p className="text-20 font-semibold">{job.position === null || job.position <= 1 ? text.next : text.position(formatCount(job.position))}</p>
        {job.eta_seconds !== null && <p className="text-13 text-muted">{text.starts(formatDuration(job.eta_seconds))}</p>}
      </div>
      <div className="w-44">
        <Select
          label={text.priority}
          value={chosen}
          onChange={(event) => {
            setChosen(event.target.value)
            prioritise.mutate(Number(event.target.value))
          }}
        >
          <option value="" disabled>
            {text.choosePriority}
          </option>
          {PRIORITIES.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </Select>
      </div>
    </div>
  )
}

function Running({ job }: { job: JobOut }) {
  const { progress } = job
  const rate = useRate(progress)
  const share = progress?.fraction ?? null
  return (
    <div>
      <div className="mb-2 flex flex-wrap items-baseline justify-between gap-x-4">
        <p className="tabular text-28 font-semibold">{share === null ? '…' : formatShare(share, 0)}</p>
        <p className="tabular text-13 text-muted">{[rate !== null && text.rate(formatCount(rate)), job.eta_seconds !== null && text.left(formatDuration(job.eta_seconds))].filter(Boolean).join(' · ')}</p>
      </div>
      <ProgressBar label={text.runningTitle} fraction={share} />
      <p className="mt-2 min-h-5 text-13 text-soft">{progress?.message}</p>
      {job.attempts > 1 && <p className="mt-1 text-13 text-suggested">{text.attempt(job.attempts)}</p>}
    </div>
  )
}

type Reading = { readonly progress: ProgressOut; readonly at: number }

/** Things a second over the last two messages; it stays while a message without news comes in. */
function useRate(progress: ProgressOut | null): number | null {
  const [before, setBefore] = useState<Reading | null>(null)
  const [rate, setRate] = useState<number | null>(null)
  if (progress && progress.sequence !== before?.progress.sequence) {
    // The clock is read once for each new message, which is what a rate is made of.
    // eslint-disable-next-line react-hooks/purity
    const now = { progress, at: Date.now() }
    setBefore(now)
    setRate(ratePerSecond(before, now))
  }
  return rate
}
