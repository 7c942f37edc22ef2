/** The loaded keyset pages of the review list, and how a decision changes them in place: rows never move under the cursor. */

import type { InfiniteData } from '@tanstack/react-query'

import type { MatchPage, MatchRow } from '@/api/generated'
import { PAGE_SIZE } from '@/api/paging'

export type MatchPages = InfiniteData<MatchPage, string | null>

/** The row at a 0-based position of the whole list, in constant time: every page but the last is full. */
export function rowAt(pages: readonly MatchPage[], position: number): MatchRow | undefined {
  return position < 0 ? undefined : pages[Math.floor(position / PAGE_SIZE)]?.items[position % PAGE_SIZE]
}

export function loadedRows(pages: readonly MatchPage[]): number {
  const last = pages.at(-1)
  return last ? (pages.length - 1) * PAGE_SIZE + last.items.length : 0
}

export function positionOf(pages: readonly MatchPage[], matchId: number): number {
  for (const [index, page] of pages.entries()) {
    const within = page.items.findIndex((row) => row.match_id === matchId)
    if (within >= 0) return index * PAGE_SIZE + within
  }
  return -1
}

/** Waits for a person: a suggestion that nobody has decided. */
export function isUndecided(row: MatchRow): boolean {
  return row.status === 'suggested' && row.decided_by === null
}

/** The pages with one match replaced; the count of undecided follows. Pages without the match are the same objects as before. */
export function withMatch(data: MatchPages, match: MatchRow): MatchPages {
  const position = positionOf(data.pages, match.match_id)
  const before = rowAt(data.pages, position)
  if (!before) return data
  const page = Math.floor(position / PAGE_SIZE)
  const change = Number(isUndecided(match)) - Number(isUndecided(before))
  return {
    ...data,
    pages: data.pages.map((known, index) => {
      const items = index === page ? known.items.map((row) => (row.match_id === match.match_id ? match : row)) : known.items
      if (items === known.items && change === 0) return known
      return { ...known, items, undecided: Math.max(0, known.undecided + change) }
    }),
  }
}

/** Nobody has decided it, whatever the engine found. */
export function isUnseen(row: MatchRow): boolean {
  return row.decided_by === null
}

/** Where the cursor goes after a decision: the next row that waits for one, else the next row, else it stays. It never jumps back. */
export function nextAfter(pages: readonly MatchPage[], from: number, waits: (row: MatchRow) => boolean = isUndecided): number {
  const count = loadedRows(pages)
  for (let position = from + 1; position < count; position++) {
    const row = rowAt(pages, position)
    if (row && waits(row)) return position
  }
  return Math.min(from + 1, count - 1)
}
