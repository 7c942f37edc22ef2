import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { useEffect, useRef, type KeyboardEvent, type ReactNode } from 'react'
import { classes } from '@/lib/classes'
import { rowByKey } from '@/lib/gridKeys'
import { useMedia } from '@/lib/useMedia'

export type Column<Row> = Readonly<{
  id: string
  header: string
  /** A CSS grid track: "8rem", "minmax(12rem, 2fr)". */
  width: string
  align?: 'start' | 'end'
  isSortable?: boolean
  /** Left out where the window is narrower than a desktop's. */
  isOptional?: boolean
  cell: (row: Row) => ReactNode
}>
export type Sort = Readonly<{ column: string; isDescending: boolean }>

export type DataTableProps<Row> = {
  label: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  rowKey: (row: Row) => string | number
  /** All rows there are, loaded or not. */
  total?: number
  sort?: Sort | null
  onSort?: (sort: Sort) => void
  /** The row under the cursor. Given, the caller owns it. */
  activeKey?: string | number | null
  onActiveChange?: (row: Row) => void
  /** Enter or click. */
  onOpen?: (row: Row) => void
  onEndReached?: () => void
  rowHeightPixels?: number
  className?: string
}

const OVERSCAN = 12

/**
 * Any number of rows, of which only those in view exist. Header stays; arrows, Page, Home and End move the cursor.
 * It fills its parent: give that a height, or a `max-h-…` class here.
 */
export function DataTable<Row>({ columns: allColumns, ...rest }: DataTableProps<Row>) {
  const isWide = useMedia('(min-width: 64rem)')
  const columns = isWide ? allColumns : allColumns.filter((column) => !column.isOptional)
  const props = { ...rest, columns }
  const { label, rows, rowKey, total = rows.length, activeKey, onEndReached, rowHeightPixels = 40, className } = props
  const scroller = useRef<HTMLDivElement>(null)
  // The virtualiser changes itself; nothing here is memoised on it.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtualiser = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeightPixels,
    overscan: OVERSCAN,
  })
  const inView = virtualiser.getVirtualItems()
  const lastInView = inView.at(-1)?.index ?? 0
  const askedAt = useRef(0)
  useEffect(() => {
    if (askedAt.current === rows.length) return
    if (lastInView >= rows.length - OVERSCAN && rows.length < total) {
      askedAt.current = rows.length
      onEndReached?.()
    }
  }, [lastInView, rows.length, total, onEndReached])

  const activeIndex = activeKey === undefined || activeKey === null ? -1 : rows.findIndex((row) => rowKey(row) === activeKey)
  useEffect(() => {
    if (activeIndex >= 0) virtualiser.scrollToIndex(activeIndex, { align: 'auto' })
  }, [activeIndex, virtualiser])

  const tracks = columns.map((column) => column.width).join(' ')
  return (
    <div
      ref={scroller}
      role="grid"
      aria-label={label}
      aria-rowcount={total + 1}
      aria-colcount={columns.length}
      tabIndex={-1}
      onKeyDown={(event) => moveFocus(event, scroller.current, rows.length, virtualiser.scrollToIndex)}
      className={classes('relative h-full overflow-auto text-13', className)}
    >
      <HeaderRow {...props} tracks={tracks} />
      <div role="rowgroup" style={{ height: virtualiser.getTotalSize() }} className="relative min-w-fit">
        {inView.map(({ index, start }) => {
          const row = rows[index]
          if (row === undefined) return null
          const isActive = index === activeIndex
          const isFirstStop = activeIndex < 0 ? index === 0 : isActive
          return (
            <BodyRow
              key={rowKey(row)}
              {...props}
              row={row}
              index={index}
              isActive={isActive}
              isTabStop={isFirstStop}
              style={{ gridTemplateColumns: tracks, height: rowHeightPixels, transform: `translateY(${start}px)` }}
            />
          )
        })}
      </div>
    </div>
  )
}

function HeaderRow<Row>({ columns, sort, onSort, tracks }: DataTableProps<Row> & { tracks: string }) {
  return (
    <div role="rowgroup" className="sticky top-0 z-10 min-w-fit border-b border-line bg-surface">
      <div role="row" aria-rowindex={1} style={{ gridTemplateColumns: tracks }} className="grid h-9 items-center gap-5 px-4">
        {columns.map((column) => {
          const isSorted = sort?.column === column.id
          const Arrow = sort?.isDescending ? ArrowDown : ArrowUp
          return (
            <div
              key={column.id}
              role="columnheader"
              aria-sort={isSorted ? (sort.isDescending ? 'descending' : 'ascending') : undefined}
              className={classes('truncate text-12 font-medium text-muted', column.align === 'end' && 'text-right')}
            >
              {column.isSortable && onSort ? (
                <button
                  type="button"
                  onClick={() => onSort({ column: column.id, isDescending: isSorted ? !sort.isDescending : false })}
                  className={classes('inline-flex items-center gap-1 rounded-sm hover:text-ink', isSorted && 'text-ink')}
                >
                  {column.header}
                  {isSorted && <Arrow aria-hidden size={12} />}
                </button>
              ) : (
                column.header
              )}
            </div>
          )
        })}
      </div>
    </div>
  )
}

type BodyRowProps<Row> = DataTableProps<Row> & { row: Row; index: number; isActive: boolean; isTabStop: boolean; style: React.CSSProperties }

function BodyRow<Row>({ columns, rows, row, index, isActive, isTabStop, style, onActiveChange, onOpen }: BodyRowProps<Row>) {
  return (
    // The grid around it handles the arrow keys, the row itself Enter.
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={onActiveChange ? isActive : undefined}
      data-index={index}
      tabIndex={isTabStop ? 0 : -1}
      onFocus={() => onActiveChange?.(row)}
      onClick={() => onOpen?.(row)}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && event.target === event.currentTarget) onOpen?.(row)
      }}
      style={style}
      className={classes(
        'absolute top-0 left-0 grid w-full items-center gap-5 border-line px-4 outline-offset-[-2px]',
        index < rows.length - 1 && 'border-b',
        isActive ? 'bg-accent-soft' : 'hover:bg-canvas',
        onOpen && 'cursor-pointer',
      )}
    >
      {columns.map((column) => (
        <div key={column.id} role="gridcell" className={classes('truncate', column.align === 'end' && 'tabular text-right')}>
          {column.cell(row)}
        </div>
      ))}
    </div>
  )
}

function moveFocus(event: KeyboardEvent, scroller: HTMLElement | null, count: number, scrollTo: (index: number) => void): void {
  const row = (event.target as HTMLElement).closest<HTMLElement>('[role="row"][data-index]')
  if (!row || !scroller) return
  const target = rowByKey(event.key, Number(row.dataset.index), count)
  if (target === undefined) return
  event.preventDefault()
  scrollTo(target)
  // The row may only exist after the scroll has been drawn.
  requestAnimationFrame(() => scroller.querySelector<HTMLElement>(`[data-index="${target}"]`)?.focus({ preventScroll: true }))
}
