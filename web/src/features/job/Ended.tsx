import { Ban, RotateCcw, TriangleAlert } from 'lucide-react'

import type { JobOut } from '@/api/generated'
import { Button, ButtonLink } from '@/components/Button'
import { Card } from '@/components/Card'

import { text } from './text'
import { useJobActions } from './useJobActions'

/** A job without a result: what happened, and the way on. */
export function Ended({ job }: { job: JobOut }) {
  const { rerun } = useJobActions(job)
  const isFailed = job.status === 'failed'
  const Icon = isFailed ? TriangleAlert : Ban
  return (
    <Card>
      <div role={isFailed ? 'alert' : undefined} className="flex items-start gap-4 py-2">
        <Icon aria-hidden size={24} className={isFailed ? 'shrink-0 text-conflict' : 'shrink-0 text-muted'} />
        <div className="min-w-0">
          <h2 className="text-16 font-semibold">{isFailed ? text.failedTitle : text.cancelledTitle}</h2>
          {job.error && <p className="mt-1 text-14 break-words">{job.error}</p>}
          <p className="mt-1 text-13 text-muted">{isFailed ? text.failedHint : text.cancelledHint}</p>
          <div className="mt-4 flex flex-wrap gap-2">
            <Button tone="primary" icon={RotateCcw} isBusy={rerun.isPending} onClick={() => rerun.mutate()}>
              {text.runAgain}
            </Button>
            <ButtonLink to={`/projects/${job.project_id}/reconcile?left=${job.left_file_id}&right=${job.right_file_id}`}>{text.toFiles}</ButtonLink>
          </div>
        </div>
      </div>
    </Card>
  )
}
