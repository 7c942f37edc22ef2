import { useRef, useState, type PointerEvent } from 'react'

import type { ColumnOut, PairedFieldOut } from '@/api/generated'
import { Chooser } from '@/components/Chooser'
import { classes } from '@/lib/classes'
import { formatPlural } from '@/lib/format'
import { useMedia } from '@/lib/useMedia'

import { ColumnGrid, useColumnRows } from './ColumnGrid'
import { COLUMN_ROW_PIXELS } from './ColumnLine'
import { FindColumn, MANY_COLUMNS, named } from './FindColumn'
import { linePath, linesIn, pairColumns, pairsOf, partnersOf, releaseColumn, type Point } from './pairLines'
import { partnerChoices } from './partnerChoices'
import { otherSide, type Side } from './side'
import { text } from './text'

type Props = {
  left: readonly ColumnOut[]
  right: readonly ColumnOut[]
  fields: readonly PairedFieldOut[]
  onChange: (fields: PairedFieldOut[]) => void
  onOpen: (side: Side, column: ColumnOut) => void
}

/** Left and right columns with lines between those that mean the same. A line is drawn by dragging from either side, or chosen from the list at a column. */
export function Pairing({ left, right, fields, onChange, onOpen }: Props) {
  const board = useRef<HTMLDivElement>(null)
  const gutter = useRef<SVGSVGElement>(null)
  const gutterPixels = useMedia('(min-width: 64rem)') ? 64 : 40
  const [find, setFind] = useState('')
  const [active, setActive] = useState({ left: 0, right: 0 })
  const [said, setSaid] = useState('')
  const columns = { left: named(left, find), right: named(right, find) }
  const rows = useColumnRows(board, Math.max(columns.left.length, columns.right.length), [active.left, active.right])
  const pairs = pairsOf(fields)

  function pair(side: Side, column: string, partner: string) {
    const chosen = side === 'left' ? { left: column, right: partner } : { left: partner, right: column }
    onChange(pairColumns(fields, chosen, roleOf(left, right, chosen)))
    setSaid(text.nowPaired(chosen.left, chosen.right))
  }
  function release(side: Side, column: string) {
    onChange(releaseColumn(fields, side, column))
    setSaid(text.nowAlone(column))
  }
  const { drag, start, handlers } = useDrag(gutter, pair)
  const lines = linesIn(pairs, columns, COLUMN_ROW_PIXELS, rows.range)

  const grid = (side: Side) => (
    <ColumnGrid
      label={text.columnsOf[side]}
      columns={columns[side]}
      rows={rows}
      active={active[side]}
      onActive={(row) => setActive((now) => ({ ...now, [side]: row }))}
      isRight={side === 'right'}
      isPaired={(column) => partnersOf(fields, side, column.name).length > 0}
      onOpen={(column) => onOpen(side, column)}
    >
      {(column, tabIndex) => {
        const partners = partnersOf(fields, side, column.name)
        return (
          <>
            <Chooser
              label={partners.length > 0 ? text.pairedWith(column.name, partners.join(', ')) : text.unpaired(column.name)}
              shown={partners.length > 0 ? partners.join(', ') : text.alone}
              chosen={partners[0] ?? null}
              isMuted={partners.length === 0}
              tabIndex={tabIndex}
              choices={() => partnerChoices(column, side === 'left' ? right : left, fields, otherSide(side))}
              onChoose={(partner) => (partner === null ? release(side, column.name) : pair(side, column.name, partner))}
              onClear={partners.length > 0 ? () => release(side, column.name) : undefined}
              className="w-24 desktop:w-32"
            />
            <Handle side={side} onStart={(event) => start(event, side, column.name)} />
          </>
        )
      }}
    </ColumnGrid>
  )
  return (
    <div>
      <div className="mb-2 flex flex-wrap items-center gap-x-4 gap-y-2">
        <p className="min-w-0 flex-1 text-13">
          <span className="font-medium">
            {text.pairs}: {formatPlural(pairs.length, text.pairCount)}
          </span>{' '}
          <span className="text-muted">{text.pairsHint}</span>
        </p>
        {Math.max(left.length, right.length) > MANY_COLUMNS && <FindColumn value={find} onChange={setFind} />}
      </div>
      <p role="status" className="sr-only">
        {said}
      </p>
      <div ref={board} className="max-h-[45rem] overflow-y-auto" {...handlers}>
        <div className="flex items-start">
          {grid('left')}
          <svg ref={gutter} aria-hidden className="mt-px shrink-0" width={gutterPixels} height={rows.getTotalSize()}>
            {lines.map((line) => (
              <path key={line.key} d={linePath({ x: 0, y: line.left }, { x: gutterPixels, y: line.right })} className={classes('stroke-accent', drag && 'opacity-30')} fill="none" strokeWidth={1.75} />
            ))}
            {drag && <path d={linePath(drag.from, drag.at)} className="stroke-accent" fill="none" strokeWidth={2} strokeDasharray="4 4" />}
          </svg>
          {grid('right')}
        </div>
      </div>
    </div>
  )
}

/** What the pair is compared as: what either column says of itself. */
function roleOf(left: readonly ColumnOut[], right: readonly ColumnOut[], pair: { left: string; right: string }): string {
  const roles = [left.find((one) => one.name === pair.left)?.role, right.find((one) => one.name === pair.right)?.role]
  return roles.find((role) => role !== undefined && role !== 'other') ?? 'other'
}

/** The dot from which a line is drawn. The keyboard has the list beside it. */
function Handle({ side, onStart }: { side: Side; onStart: (event: PointerEvent) => void }) {
  return (
    <span
      aria-hidden
      className={classes('absolute top-1/2 size-3 -translate-y-1/2 cursor-grab touch-none rounded-full border-2 border-accent bg-surface', side === 'left' ? '-right-1.5' : '-left-1.5')}
      onPointerDown={onStart}
    />
  )
}

type Drag = { readonly side: Side; readonly column: string; readonly from: Point; readonly at: Point }

/** A line on its way from a dot to a column of the other side. */
function useDrag(gutter: React.RefObject<SVGSVGElement | null>, pair: (side: Side, column: string, partner: string) => void) {
  const [drag, setDrag] = useState<Drag | null>(null)
  const pointIn = (event: PointerEvent): Point => {
    const place = gutter.current?.getBoundingClientRect()
    return { x: event.clientX - (place?.left ?? 0), y: event.clientY - (place?.top ?? 0) }
  }
  return {
    drag,
    start: (event: PointerEvent, side: Side, column: string) => {
      event.preventDefault()
      const at = pointIn(event)
      const row = Number(event.currentTarget.closest<HTMLElement>('[data-index]')?.dataset.index ?? 0)
      setDrag({ side, column, from: { x: side === 'left' ? 0 : (gutter.current?.width.baseVal.value ?? 0), y: (row + 0.5) * COLUMN_ROW_PIXELS }, at })
    },
    handlers: {
      onPointerMove: (event: PointerEvent) => drag && setDrag({ ...drag, at: pointIn(event) }),
      onPointerLeave: () => setDrag(null),
      onPointerUp: (event: PointerEvent) => {
        if (!drag) return
        const row = document.elementFromPoint(event.clientX, event.clientY)?.closest<HTMLElement>('[data-column]')
        const side: Side = row?.dataset.side === 'right' ? 'right' : 'left'
        if (row?.dataset.column !== undefined && side !== drag.side) pair(drag.side, drag.column, row.dataset.column)
        setDrag(null)
      },
    },
  }
}
