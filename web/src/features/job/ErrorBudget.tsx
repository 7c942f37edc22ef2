import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { CheckCheck, Undo2 } from 'lucide-react'
import { useState } from 'react'

import { confirmMatches, errorBudgetQuery, undoConfirmation } from '@/api/errorBudget'
import type { BulkDecisionOut, ErrorBudgetOut } from '@/api/generated'
import { jobQuery } from '@/api/jobs'
import { Button, ButtonLink } from '@/components/Button'
import { Card } from '@/components/Card'
import { ErrorState, messageOf } from '@/components/ErrorState'
import { ProgressBar } from '@/components/ProgressBar'
import { Skeleton } from '@/components/Skeleton'
import { showToast } from '@/components/toast'
import { Ago, Money } from '@/components/Value'
import { classes } from '@/lib/classes'
import { formatConfidence, formatCount, formatPlural, formatShare } from '@/lib/format'

import { text } from './text'

const SHARES = [0.005, 0.01, 0.02, 0.05, 0.1]
const SHARE_DEFAULT = 0.05

/** Confirm suggestions without looking at each, as far as the reviewed ones prove that few of them are wrong. */
export function ErrorBudget({ jobId }: { jobId: string }) {
  const [share, setShare] = useState(SHARE_DEFAULT)
  const budget = useQuery({ ...errorBudgetQuery(jobId, share), placeholderData: (before) => before })
  const { confirm, undo } = useConfirmations(jobId)
  if (budget.data && budget.data.left + budget.data.matches === 0 && budget.data.confirmed.length === 0) return null
  return (
    <Card title={text.budget}>
      <label className="flex flex-wrap items-center gap-2 text-13">
        {text.budgetBefore}
        <select
          className="h-8 rounded-md border border-line-strong bg-surface px-2 text-13 text-ink"
          value={share}
          onChange={(event) => setShare(Number(event.target.value))}
        >
          {SHARES.map((one) => (
            <option key={one} value={one}>
              {formatShare(one, one < 0.01 ? 1 : 0)}
            </option>
          ))}
        </select>
        {text.budgetAfter}
      </label>
      {budget.error && !budget.data && <ErrorState error={budget.error} onRetry={() => void budget.refetch()} />}
      {!budget.data && !budget.error && <Skeleton className="mt-3 h-16 w-full" />}
      {budget.data && (
        <>
          <div className={classes('mt-3', budget.isPlaceholderData && 'opacity-60')} role="status">
            <Answer budget={budget.data} />
          </div>
          <div className="mt-3 flex flex-wrap gap-2">
            {budget.data.matches > 0 && (
              <Button
                tone="primary"
                icon={CheckCheck}
                isBusy={confirm.isPending || budget.isPlaceholderData}
                onClick={() => confirm.mutate({ wrong_share: budget.data.wrong_share, matches: budget.data.matches })}
              >
                {text.confirm(formatPlural(budget.data.matches, text.matchWords))}
              </Button>
            )}
            {budget.data.left > 0 && (
              <ButtonLink tone="secondary" to={`/jobs/${jobId}/review?sort=informative`}>
                {text.labelFirst}
              </ButtonLink>
            )}
          </div>
          <Confirmed made={budget.data.confirmed} isBusy={undo.isPending} onUndo={undo.mutate} />
        </>
      )}
    </Card>
  )
}

/** Both change every list and count of the job, so all of it is read again. */
function useConfirmations(jobId: string) {
  const queries = useQueryClient()
  const refresh = () => queries.invalidateQueries({ queryKey: jobQuery(jobId).queryKey })
  const onError = (error: unknown) => {
    showToast(messageOf(error), { tone: 'error' })
    void refresh()
  }
  const undo = useMutation({
    mutationFn: (bulkId: string) => undoConfirmation(jobId, bulkId),
    onSuccess: ({ reopened }) => {
      showToast(text.reopened(formatPlural(reopened, text.matchWords)))
      void refresh()
    },
    onError,
  })
  const confirm = useMutation({
    mutationFn: (body: Parameters<typeof confirmMatches>[1]) => confirmMatches(jobId, body),
    onSuccess: (made) => {
      showToast(text.confirmedNow(formatPlural(made.matches, text.matchWords)), { tone: 'success', action: { label: text.undo, run: () => undo.mutate(made.id) } })
      void refresh()
    },
    onError,
  })
  return { confirm, undo }
}

function Answer({ budget }: { budget: ErrorBudgetOut }) {
  if (budget.left + budget.matches === 0) return <p className="text-13 text-soft">{text.nothingToConfirm}</p>
  return (
    <>
      {budget.state === 'met' ? <Met budget={budget} /> : <NotYet budget={budget} />}
      {budget.waiting > 0 && <p className="mt-1 text-12 text-muted">{text.budgetWaiting(formatPlural(budget.waiting, text.decisions))}</p>}
    </>
  )
}

function Met({ budget }: { budget: ErrorBudgetOut }) {
  const { threshold, wrong_share_max: bound } = budget
  return (
    <>
      <p className="text-14">
        <span className="font-semibold">{text.confirmable(formatPlural(budget.matches, text.suggestionWords))}</span>
        {Object.entries(budget.amounts).map(([currency, amount]) => (
          <span key={currency} className="text-soft">
            {' · '}
            <Money amount={amount} currency={currency} />
          </span>
        ))}
        <span className="text-soft">; {text.stay(formatCount(budget.left))}</span>
      </p>
      {threshold !== null && bound !== null && (
        <p className="mt-1 text-13 text-soft">
          {text.budgetProof(formatConfidence(threshold), formatShare(bound), formatCount(budget.reviewed), formatCount(budget.wrong))}
        </p>
      )}
    </>
  )
}

function NotYet({ budget }: { budget: ErrorBudgetOut }) {
  const missing = budget.needed - budget.reviewed
  if (budget.state === 'not_met') {
    return <p className="text-13 text-soft">{text.budgetNotMet(formatCount(budget.reviewed), formatCount(budget.wrong))}</p>
  }
  return (
    <>
      <p className="text-13">
        <span className="font-medium">{text.budgetMissing(formatPlural(missing, text.moreDecisions))}</span>
        <span className="text-soft"> {budget.left <= missing ? text.budgetFewLeft(formatCount(budget.left)) : text.budgetHow}</span>
      </p>
      <div className="mt-2 flex max-w-md items-center gap-3 text-12 text-muted">
        <span className="flex-1">
          <ProgressBar isThin label={text.reviewed} fraction={Math.min(1, budget.reviewed / budget.needed)} />
        </span>
        <span className="tabular whitespace-nowrap">{text.reviewedOf(formatCount(budget.reviewed), formatCount(budget.needed), formatCount(budget.wrong))}</span>
      </div>
    </>
  )
}

type ConfirmedProps = { made: readonly BulkDecisionOut[]; isBusy: boolean; onUndo: (id: string) => void }

/** What was confirmed this way, each to be taken back as a whole, also after a reload. */
function Confirmed({ made, isBusy, onUndo }: ConfirmedProps) {
  if (made.length === 0) return null
  return (
    <ul aria-label={text.confirmedBefore} className="mt-4 divide-y divide-line border-t border-line text-13">
      {made.map((bulk) => (
        <li key={bulk.id} className="flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 py-1.5">
          <span className={classes('flex-1', bulk.undone_at !== null && 'text-muted line-through')}>
            {text.bulkLine(formatPlural(bulk.matches, text.matchWords), bulk.decided_by, formatShare(bulk.wrong_share, bulk.wrong_share < 0.01 ? 1 : 0), formatConfidence(bulk.threshold))}
          </span>
          <span className="text-12 text-muted">
            <Ago time={bulk.decided_at} />
            {bulk.undone_at !== null && `, ${text.takenBack(bulk.undone_by ?? '')}`}
          </span>
          {bulk.undone_at === null && (
            <Button size="small" icon={Undo2} isBusy={isBusy} onClick={() => onUndo(bulk.id)}>
              {text.undo}
            </Button>
          )}
        </li>
      ))}
    </ul>
  )
}
