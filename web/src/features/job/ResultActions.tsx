import { ListChecks, RotateCcw, TriangleAlert } from 'lucide-react'

import type { JobOut } from '@/api/generated'
import { Button, ButtonLink } from '@/components/Button'
import { formatCount } from '@/lib/format'

import { text } from './text'
import { useJobActions } from './useJobActions'

/** What one does with a result, the next step first. */
export function ResultActions({ job }: { job: JobOut }) {
  const { rerun } = useJobActions(job)
  return (
    <>
      <ButtonLink tone={job.suggested > 0 ? 'primary' : 'secondary'} icon={ListChecks} to={`/jobs/${job.id}/review`}>
        {text.review} ({formatCount(job.suggested)})
      </ButtonLink>
      <ButtonLink tone={job.suggested > 0 ? 'secondary' : 'primary'} icon={TriangleAlert} to={`/jobs/${job.id}/exceptions`}>
        {text.exceptions} ({formatCount(job.exceptions)})
      </ButtonLink>
      <Button tone="quiet" icon={RotateCcw} isBusy={rerun.isPending} onClick={() => rerun.mutate()}>
        {text.runAgain}
      </Button>
    </>
  )
}
