import { useEffect, useRef } from 'react'

import type { MatchPage } from '@/api/generated'
import { formatCount } from '@/lib/format'
import { useKeysetRows } from '@/lib/useKeysetRows'

import { loadedRows, rowAt } from './matchPages'
import type { Other } from './useReview'
import { MATCH_ROW_PIXELS, MatchListRow, MatchRowSkeleton } from './MatchListRow'

type Props = {
  pages: readonly MatchPage[]
  total: number
  /** Position of the cursor in the list, 0-based; -1 without one. */
  cursor: number
  /** What others decided meanwhile, by match. */
  others: ReadonlyMap<number, Other>
  /** The score is hidden. */
  isBlind: boolean
  hasMore: boolean
  isFetching: boolean
  fetchMore: () => unknown
  onMove: (position: number) => void
}

/** The queue: one option a match, the cursor's one selected. Keys are commands of the page; a pointer may choose as well. */
export function MatchList({ pages, total, cursor, others, isBlind, hasMore, isFetching, fetchMore, onMove }: Props) {
  const scroller = useRef<HTMLDivElement>(null)
  const loaded = loadedRows(pages)
  const rows = useKeysetRows({ scroller, loaded, total, rowPixels: MATCH_ROW_PIXELS, hasMore, isFetching, fetchMore })
  useEffect(() => {
    if (cursor >= 0) rows.scrollToIndex(cursor, { align: 'auto' })
  }, [cursor, rows])
  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto" data-testid="match-scroller">
      <div
        role="listbox"
        tabIndex={0}
        aria-label={`Matches, ${formatCount(total)} in all`}
        aria-activedescendant={cursor >= 0 ? optionId(cursor) : undefined}
        className="relative outline-offset-[-2px]"
        style={{ height: rows.getTotalSize() }}
      >
        {rows.getVirtualItems().map(({ index, start }) => {
          const row = rowAt(pages, index)
          return (
            <Option key={index} position={index} start={start} total={total} isCurrent={index === cursor} onMove={onMove}>
              {row ? <MatchListRow row={row} isCurrent={index === cursor} isLost={others.get(row.match_id) === 'faster'} isBlind={isBlind} /> : <MatchRowSkeleton />}
            </Option>
          )
        })}
      </div>
    </div>
  )
}

function optionId(position: number): string {
  return `match-option-${position}`
}

type OptionProps = {
  position: number
  start: number
  total: number
  isCurrent: boolean
  onMove: (position: number) => void
  children: React.ReactNode
}

function Option({ position, start, total, isCurrent, onMove, children }: OptionProps) {
  return (
    // The listbox has the keys: an option is reached by the cursor and never focused itself.
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      id={optionId(position)}
      role="option"
      tabIndex={-1}
      aria-selected={isCurrent}
      aria-setsize={total}
      aria-posinset={position + 1}
      onClick={() => onMove(position)}
      className="absolute inset-x-0 top-0"
      style={{ transform: `translateY(${start}px)`, height: MATCH_ROW_PIXELS }}
    >
      {children}
    </div>
  )
}

