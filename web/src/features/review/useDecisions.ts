import { useQueryClient, type QueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { useStore } from 'react-redux'

import { ApiError } from '@/api/errors'
import type { Decide, DecisionMade, DecisionOut, JobSummary, MatchRow, UserOut } from '@/api/generated'
import { jobSummaryQuery } from '@/api/jobs'
import { decideMatch, decisionsQuery, matchQuery, undoDecision } from '@/api/matches'
import type { RootState } from '@/state'
import { lastUndoable, undoablePushed, undoableTaken } from '@/state/undo'

import { isUndecided, positionOf, rowAt, withMatch, type MatchPages } from './matchPages'

export type Action = Decide['action']

/** What became of a decision, for whoever shows it. */
export type DecisionOutcome =
  | { readonly kind: 'made'; readonly made: DecisionMade }
  | { readonly kind: 'lost'; readonly winner: MatchRow }
  | { readonly kind: 'failed'; readonly message: string }

export type UndoOutcome =
  | { readonly kind: 'undone'; readonly match: MatchRow }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'failed'; readonly message: string }

export type Decisions = {
  /** Shows the decision at once; the promise tells what the server made of it. */
  decide: (match: MatchRow, action: Action) => Promise<DecisionOutcome>
  /** Takes back the newest decision of this user, also one from before a reload. */
  undo: () => Promise<UndoOutcome>
}

/** Decide and undo matches of a job, optimistically: lists, details and counts in the cache change first, the server confirms later. */
export function useDecisions(jobId: string, user: UserOut | undefined): Decisions {
  const queries = useQueryClient()
  const store = useStore<RootState>()
  const pending = useRef(new Set<Promise<unknown>>())

  async function send(match: MatchRow, action: Action): Promise<DecisionOutcome> {
    try {
      const made = await decideMatch(jobId, match.match_id, { action, version: match.version })
      showMatch(queries, jobId, made.match)
      rememberDecision(queries, jobId, made.decision)
      store.dispatch(undoablePushed({ jobId, matchId: match.match_id, decisionId: made.decision.id, sentence: match.left_label }))
      return { kind: 'made', made }
    } catch (error) {
      return refused(match, error)
    }
  }

  /** Somebody was faster: theirs is shown. Any other refusal puts the match back as it was. */
  async function refused(match: MatchRow, error: unknown): Promise<DecisionOutcome> {
    if (error instanceof ApiError && error.status === 409) {
      const winner = await winnerOf(error, match)
      if (winner) {
        showMatch(queries, jobId, winner)
        void queries.invalidateQueries({ queryKey: matchQuery(jobId, match.match_id).queryKey })
        return { kind: 'lost', winner }
      }
    }
    showMatch(queries, jobId, match)
    return { kind: 'failed', message: error instanceof Error ? error.message : String(error) }
  }

  /** The refusal carries the match as the winner left it; without it the server is asked. */
  async function winnerOf(error: ApiError, { match_id }: MatchRow): Promise<MatchRow | null> {
    const carried = error.problem.match as MatchRow | undefined // a member of this route's 409, which the generated types do not name
    if (carried?.match_id === match_id) return carried
    const detail = await queries.fetchQuery({ ...matchQuery(jobId, match_id), staleTime: 0 }).catch(() => null)
    return detail?.match ?? null
  }

  return {
    decide(match, action) {
      showMatch(queries, jobId, decided(match, action, user))
      const sent = send(match, action)
      pending.current.add(sent)
      void sent.finally(() => pending.current.delete(sent))
      return sent
    },
    async undo() {
      // What is still on its way is the newest decision: it must have its number before it can be taken back.
      await Promise.allSettled(pending.current)
      const known = lastUndoable(store.getState(), jobId)
      const decisionId = known?.decisionId ?? (await newestOfMine(queries, jobId, user))
      if (!decisionId) return { kind: 'nothing' }
      store.dispatch(undoableTaken(decisionId))
      try {
        const { match, decision } = await undoDecision(jobId, decisionId)
        showMatch(queries, jobId, match)
        rememberDecision(queries, jobId, decision)
        return { kind: 'undone', match }
      } catch (error) {
        return { kind: 'failed', message: error instanceof Error ? error.message : String(error) }
      }
    },
  }
}

function decided(match: MatchRow, action: Action, user: UserOut | undefined): MatchRow {
  const status = action === 'accept' ? 'confirmed' : 'rejected'
  return { ...match, status, decided_by: user?.name ?? '', decided_at: new Date().toISOString() }
}

/** After a reload the server is asked which decision was the last of this user. */
async function newestOfMine(queries: QueryClient, jobId: string, user: UserOut | undefined): Promise<string | undefined> {
  const { pages } = await queries.fetchInfiniteQuery({ ...decisionsQuery(jobId), staleTime: 0 })
  const mine = pages.flatMap((page) => page.items).find((one) => one.undone_at === null && isBy(one, user))
  return mine?.id
}

function isBy(decision: DecisionOut, user: UserOut | undefined): boolean {
  return user !== undefined && (decision.decided_by === user.name || decision.decided_by === user.email)
}

/** Put a match into every list, its details and the counts of the job, wherever they are cached. */
export function showMatch(queries: QueryClient, jobId: string, match: MatchRow): void {
  let before: MatchRow | undefined
  queries.setQueriesData<MatchPages>({ queryKey: ['job', jobId, 'matches'] }, (data) => {
    if (!data) return data
    before ??= rowAt(data.pages, positionOf(data.pages, match.match_id))
    return withMatch(data, match)
  })
  queries.setQueryData(matchQuery(jobId, match.match_id).queryKey, (detail) => detail && { ...detail, match })
  // Not in any list, as after a reload: how it stood is not known here, so the counts are asked for.
  if (!before) return void queries.invalidateQueries({ queryKey: jobSummaryQuery(jobId).queryKey })
  const change = Number(isUndecided(match)) - Number(isUndecided(before))
  if (change !== 0) queries.setQueryData(jobSummaryQuery(jobId).queryKey, (summary) => summary && withCounts(summary, change))
}

function withCounts(summary: JobSummary, change: number): JobSummary {
  return { ...summary, undecided: Math.max(0, summary.undecided + change), decided: Math.max(0, summary.decided - change) }
}

function rememberDecision(queries: QueryClient, jobId: string, decision: DecisionOut): void {
  queries.setQueryData(
    matchQuery(jobId, decision.match_id).queryKey,
    (detail) => detail && { ...detail, decisions: [decision, ...detail.decisions.filter((one) => one.id !== decision.id)] },
  )
}
