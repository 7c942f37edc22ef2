import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'

import type { MatchPage, MatchRow, UserOut } from '@/api/generated'
import { useTopic } from '@/api/live'
import { matchesQuery, matchQuery } from '@/api/matches'
import { sessionQuery } from '@/api/session'
import type { ServerMessage } from '@/api/socket'
import { dismissToast, showToast } from '@/components/toast'
import { formatConfidence, formatCount } from '@/lib/format'
import { useAppDispatch, useAppSelector } from '@/state'
import { cursorMoved, placeOf } from '@/state/review'

import { filterQuery, isBlind, type MatchFilters } from './filters'
import { isUndecided, isUnseen, loadedRows, nextAfter, positionOf, rowAt } from './matchPages'
import { text } from './text'
import { showMatch, useDecisions, type Action, type DecisionOutcome } from './useDecisions'

/** Details fetched before they are looked at, so that the next match is there in the moment of a decision. */
const AHEAD_DETAILS = 4
const AHEAD_ROWS = 30
const NO_PAGES: readonly MatchPage[] = []

/** The queue of one job under some filters: where the cursor is, and what can be done there. */
export function useReview(jobId: string, filters: MatchFilters) {
  const dispatch = useAppDispatch()
  const { data: session } = useQuery(sessionQuery())
  const list = useMatchList(jobId, filters)
  const pages = list.data?.pages ?? NO_PAGES
  const wanted = useAppSelector((state) => placeOf(state, jobId).cursor)
  const cursor = cursorIn(pages, wanted)
  const row = rowAt(pages, cursor)
  const isHidden = isBlind(filters)
  const [said, setSaid] = useState('')
  const { others, keepOther } = useOthers()
  const decisions = useDecisions(jobId, session?.user)
  const lastToast = useRef(0)
  usePrefetch(jobId, pages, cursor)
  useOthersDecisions(jobId, session?.user, keepOther)

  const loaded = loadedRows(pages)
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && cursor >= loaded - AHEAD_ROWS) void fetchNextPage()
  }, [cursor, loaded, hasNextPage, isFetchingNextPage, fetchNextPage])

  const moveTo = useCallback(
    (position: number) => {
      const target = rowAt(pages, Math.max(0, Math.min(position, loadedRows(pages) - 1)))
      if (target) dispatch(cursorMoved({ jobId, matchId: target.match_id }))
    },
    [dispatch, jobId, pages],
  )

  /** Heard by a screen reader and shown as a toast; what is heard may say more than what is shown. */
  function say(message: string, toast: { tone: 'success' | 'error' | 'neutral'; canUndo?: boolean; shown?: string }) {
    setSaid(message)
    dismissToast(lastToast.current)
    const action = toast.canUndo ? { label: text.undo, shortcut: 'u', run: () => void undo() } : undefined
    lastToast.current = showToast(toast.shown ?? message, { tone: toast.tone, action, isSaid: true })
  }

  function decide(action: Action) {
    if (!row) return
    const next = nextAfter(pages, cursor, isHidden ? isUnseen : isUndecided)
    void decisions.decide(row, action).then((outcome) => settle(row, outcome))
    say(decidedSentence(row, action, next === cursor ? undefined : rowAt(pages, next), isHidden), { tone: 'success', canUndo: true, shown: decidedWords(row, action) })
    moveTo(next)
  }

  function settle(match: MatchRow, outcome: DecisionOutcome) {
    if (outcome.kind === 'failed') say(`${match.left_label}: ${outcome.message}`, { tone: 'error' })
    if (outcome.kind !== 'lost') return
    keepOther(match.match_id, 'faster')
    const { winner } = outcome
    say(`${match.left_label}: ${text.lost(winner.decided_by ?? text.someoneElse, text.verbs[winner.status])}`, { tone: 'error' })
  }

  async function undo() {
    const outcome = await decisions.undo()
    if (outcome.kind === 'nothing') return say(text.nothingToUndo, { tone: 'neutral' })
    if (outcome.kind === 'failed') return say(outcome.message, { tone: 'error' })
    // Decided before a reload, it has left the filtered list: the list is asked again.
    if (positionOf(pages, outcome.match.match_id) < 0) await list.refetch()
    dispatch(cursorMoved({ jobId, matchId: outcome.match.match_id }))
    say(`${text.undone}: ${outcome.match.left_label}`, { tone: 'neutral' })
  }

  return { list, pages, loaded, cursor, row, others, said, moveTo, decide, undo }
}

/** Rows are changed in place and never move by themselves, so the list is not fetched again while it is on the screen. */
function useMatchList(jobId: string, filters: MatchFilters) {
  return useInfiniteQuery({ ...matchesQuery(jobId, filterQuery(filters)), staleTime: Infinity, gcTime: 0, refetchOnWindowFocus: false, refetchOnReconnect: false })
}

function cursorIn(pages: readonly MatchPage[], wanted: number | null): number {
  if (loadedRows(pages) === 0) return -1
  return wanted === null ? 0 : Math.max(0, positionOf(pages, wanted))
}

function usePrefetch(jobId: string, pages: readonly MatchPage[], cursor: number): void {
  const queries = useQueryClient()
  useEffect(() => {
    for (let ahead = 1; ahead <= AHEAD_DETAILS; ahead++) {
      const next = rowAt(pages, cursor + ahead)
      if (next) void queries.prefetchQuery({ ...matchQuery(jobId, next.match_id), staleTime: Infinity })
    }
  }, [queries, jobId, pages, cursor])
}

/** Somebody else decided a match while this page was open: just so, or faster than this user, whose decision then did not count. */
export type Other = 'seen' | 'faster'

function useOthers() {
  const [others, setOthers] = useState<ReadonlyMap<number, Other>>(new Map())
  // The socket may tell of the winner before the refusal comes back; that the own decision was lost is what must stay.
  const keepOther = useCallback(
    (matchId: number, other: Other) => setOthers((known) => new Map(known).set(matchId, known.get(matchId) === 'faster' ? 'faster' : other)),
    [],
  )
  return { others, keepOther }
}

/** Decisions of others arrive over the socket and are shown where the match stands. */
function useOthersDecisions(jobId: string, user: UserOut | undefined, onOther: (matchId: number, other: Other) => void): void {
  const queries = useQueryClient()
  const listener = useCallback(
    (message: ServerMessage) => {
      if (message.type === 'refetch' || message.type === 'matches.decided') void queries.invalidateQueries({ queryKey: ['job', jobId] })
      if (message.type !== 'match.decided') return
      const match = decidedMatch(message)
      if (!match) return
      const known = queries.getQueryData(matchQuery(jobId, match.match_id).queryKey)?.match
      if (known && known.version >= match.version) return
      showMatch(queries, jobId, match)
      if (match.decided_by !== null && match.decided_by !== user?.name && match.decided_by !== user?.email) onOther(match.match_id, 'seen')
    },
    [queries, jobId, user, onOther],
  )
  useTopic(`job:${jobId}`, listener)
}

/** The message carries the match as in a list; the socket's frames are not typed, so this is where it is looked at. */
function decidedMatch({ data }: ServerMessage): MatchRow | null {
  const match = data.match as MatchRow | undefined
  return match && typeof match.match_id === 'number' ? match : null
}

function decidedSentence(row: MatchRow, action: Action, next: MatchRow | undefined, isHidden: boolean): string {
  const done = `${decidedWords(row, action)}.`
  if (next && isHidden) return `${done} ${text.nextIsOnly(next.left_label)}`
  return next ? `${done} ${text.nextIs(next.left_label, formatConfidence(next.confidence))}` : `${done} ${text.endOfList}`
}

function decidedWords(row: MatchRow, action: Action): string {
  return `${action === 'accept' ? text.accepted : text.rejected}: ${row.left_label}`
}

export function positionSentence(cursor: number, total: number): string {
  return text.at(formatCount(cursor + 1), formatCount(total))
}
