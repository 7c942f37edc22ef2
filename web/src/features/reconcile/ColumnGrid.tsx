import { defaultRangeExtractor, useVirtualizer, type Range, type Virtualizer } from '@tanstack/react-virtual'
import { useState, type KeyboardEvent, type ReactNode, type RefObject } from 'react'

import type { ColumnOut } from '@/api/generated'
import { rowByKey } from '@/lib/gridKeys'

import { COLUMN_ROW_PIXELS, ColumnLine } from './ColumnLine'

const OVERSCAN_ROWS = 6

export type Rows = Virtualizer<HTMLElement, Element>

/** The rows in view of a board of columns, and those that `kept` names: what has the focus must not vanish when it is scrolled away. */
export function useColumnRows(scroller: RefObject<HTMLElement | null>, count: number, kept: readonly number[]): Rows {
  // The rule speaks to the React Compiler, which this build does not use.
  // eslint-disable-next-line react-hooks/incompatible-library
  return useVirtualizer<HTMLElement, Element>({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => COLUMN_ROW_PIXELS,
    overscan: OVERSCAN_ROWS,
    rangeExtractor: (range: Range) => [...new Set([...defaultRangeExtractor(range), ...kept.filter((row) => row < count)])].sort((a, b) => a - b),
    // Measured by hand where there is no layout, as in tests: one screen of rows.
    initialRect: { width: 480, height: 640 },
  })
}

type Props = {
  label: string
  columns: readonly ColumnOut[]
  rows: Rows
  /** The row that Tab leads to. */
  active: number
  onActive: (row: number) => void
  isRight?: boolean
  isPaired: (column: ColumnOut) => boolean
  onOpen: (column: ColumnOut) => void
  /** What stands at the end of a row; a control there takes `tabIndex`. */
  children?: (column: ColumnOut, tabIndex: number) => ReactNode
}

/** Columns of a file, any number of them: only those in view exist. Arrows, Page, Home and End move between rows, left and right within one. */
export function ColumnGrid({ label, columns, rows, active, onActive, isRight = false, isPaired, onOpen, children }: Props) {
  const stop = Math.min(active, columns.length - 1)
  return (
    <div
      role="grid"
      tabIndex={-1}
      aria-label={label}
      aria-rowcount={columns.length}
      aria-colcount={children ? 2 : 1}
      className="relative min-w-0 flex-1 border-t border-line outline-none"
      style={{ height: columns.length * COLUMN_ROW_PIXELS }}
      onKeyDown={(event) => moveFocus(event, columns.length, rows, onActive)}
    >
      {rows.getVirtualItems().map(({ index, start }) => {
        const column = columns[index]
        if (!column) return null
        const tabIndex = index === stop ? 0 : -1
        return (
          <ColumnLine
            key={column.name}
            column={column}
            place={index}
            top={start}
            tabIndex={tabIndex}
            isRight={isRight}
            isPaired={isPaired(column)}
            onFocus={() => onActive(index)}
            onOpen={() => onOpen(column)}
          >
            {children?.(column, tabIndex)}
          </ColumnLine>
        )
      })}
    </div>
  )
}

/** The columns of one file, with a scroll of their own where they are many. */
export function ColumnList({ label, columns, onOpen }: { label: string; columns: readonly ColumnOut[]; onOpen: (column: ColumnOut) => void }) {
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null)
  const [active, setActive] = useState(0)
  const rows = useColumnRows({ current: scroller }, columns.length, [active])
  return (
    <div ref={setScroller} className="mt-4 max-h-[40rem] overflow-y-auto">
      <ColumnGrid label={label} columns={columns} rows={rows} active={active} onActive={setActive} isPaired={() => true} onOpen={onOpen} />
    </div>
  )
}

function moveFocus(event: KeyboardEvent, count: number, rows: Rows, onActive: (row: number) => void): void {
  const grid = event.currentTarget
  const control = (event.target as HTMLElement).closest<HTMLElement>('button')
  const row = control?.closest<HTMLElement>('[data-index]')
  if (!control || !row || control.getAttribute('aria-expanded') === 'true') return
  const controls = controlsOf(row)
  const place = controls.indexOf(control)
  if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
    controls[place + (event.key === 'ArrowRight' ? 1 : -1)]?.focus()
    return
  }
  const target = rowByKey(event.key, Number(row.dataset.index), count)
  if (target === undefined) return
  event.preventDefault()
  rows.scrollToIndex(target)
  onActive(target)
  const focus = () => {
    const next = grid.querySelector<HTMLElement>(`[data-index="${target}"]`)
    if (next) controlsOf(next)[place]?.focus({ preventScroll: true })
    return next !== null
  }
  // A far row exists only after the scroll has been drawn.
  if (!focus()) requestAnimationFrame(focus)
}

const controlsOf = (row: HTMLElement) => [...row.querySelectorAll<HTMLElement>('button')]
