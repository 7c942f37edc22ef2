import { useRef, useState, type PointerEvent } from 'react'

import type { ColumnOut, PairedFieldOut } from '@/api/generated'
import { classes } from '@/lib/classes'
import { formatPlural } from '@/lib/format'

import { COLUMN_ROW_PIXELS, ColumnLine } from './ColumnLine'
import { linePath, pairColumns, pairsOf, partnerOf, releaseColumn, type Point } from './pairLines'
import type { Side } from './side'
import { text } from './text'

const GUTTER_PIXELS = 64

type Props = {
  left: readonly ColumnOut[]
  right: readonly ColumnOut[]
  fields: readonly PairedFieldOut[]
  onChange: (fields: PairedFieldOut[]) => void
  onOpen: (side: Side, column: ColumnOut) => void
}

/** Left and right columns with lines between those that mean the same. A line is drawn by dragging, or chosen from the list at the left column. */
export function Pairing({ left, right, fields, onChange, onOpen }: Props) {
  const board = useRef<HTMLDivElement>(null)
  const [drag, setDrag] = useState<{ column: string; at: Point } | null>(null)
  const pairs = pairsOf(fields)
  const pair = (column: string, partner: string | null) => {
    const role = left.find((one) => one.name === column)?.role ?? 'other'
    onChange(partner === null ? releaseColumn(fields, 'left', column) : pairColumns(fields, { left: column, right: partner }, role))
  }
  const pointIn = (event: PointerEvent): Point => {
    const gutter = board.current?.querySelector('svg')?.getBoundingClientRect()
    return { x: event.clientX - (gutter?.left ?? 0), y: event.clientY - (gutter?.top ?? 0) }
  }
  function drop(event: PointerEvent) {
    if (!drag) return
    const target = document.elementFromPoint(event.clientX, event.clientY)?.closest<HTMLElement>('[data-right-column]')?.dataset.rightColumn
    if (target !== undefined) pair(drag.column, target)
    setDrag(null)
  }
  const y = (columns: readonly ColumnOut[], name: string) => (columns.findIndex((column) => column.name === name) + 0.5) * COLUMN_ROW_PIXELS
  return (
    <div>
      <p className="mb-2 text-13">
        <span className="font-medium">
          {text.pairs}: {formatPlural(pairs.length, text.pairCount)}
        </span>{' '}
        <span className="text-muted">{text.pairsHint}</span>
      </p>
      <div ref={board} className="flex items-start" onPointerMove={(event) => drag && setDrag({ ...drag, at: pointIn(event) })} onPointerUp={drop} onPointerLeave={() => setDrag(null)}>
        <ul className="min-w-0 flex-1 border-t border-line">
          {left.map((column) => (
            <ColumnLine key={column.name} column={column} isPaired={partnerOf(fields, column.name) !== null} onOpen={() => onOpen('left', column)}>
              <PartnerChoice column={column.name} partner={partnerOf(fields, column.name)} right={right} onChoose={(partner) => pair(column.name, partner)} />
              <span
                aria-hidden
                className="-mr-1.5 size-3 shrink-0 cursor-grab touch-none rounded-full border-2 border-accent bg-surface"
                onPointerDown={(event) => {
                  event.preventDefault()
                  setDrag({ column: column.name, at: pointIn(event) })
                }}
              />
            </ColumnLine>
          ))}
        </ul>
        <svg aria-hidden className="mt-px shrink-0 overflow-visible" width={GUTTER_PIXELS} height={Math.max(left.length, right.length) * COLUMN_ROW_PIXELS}>
          {pairs.map((one) => (
            <path
              key={`${one.left} ${one.right}`}
              d={linePath({ x: 0, y: y(left, one.left) }, { x: GUTTER_PIXELS, y: y(right, one.right) })}
              className={classes('stroke-accent', drag && 'opacity-30')}
              fill="none"
              strokeWidth={1.75}
            />
          ))}
          {drag && <path d={linePath({ x: 0, y: y(left, drag.column) }, drag.at)} className="stroke-accent" fill="none" strokeWidth={2} strokeDasharray="4 4" />}
        </svg>
        <ul className="min-w-0 flex-1 border-t border-line">
          {right.map((column) => (
            <ColumnLine key={column.name} column={column} isRight isPaired={pairs.some((one) => one.right === column.name)} onOpen={() => onOpen('right', column)} />
          ))}
        </ul>
      </div>
    </div>
  )
}

type ChoiceProps = { column: string; partner: string | null; right: readonly ColumnOut[]; onChoose: (partner: string | null) => void }

function PartnerChoice({ column, partner, right, onChoose }: ChoiceProps) {
  return (
    <select
      aria-label={text.pairedWith(column)}
      value={partner ?? ''}
      onChange={(event) => onChoose(event.target.value === '' ? null : event.target.value)}
      className="h-7 w-20 shrink-0 truncate desktop:w-28 rounded-md border border-line bg-surface px-1 text-12 text-soft hover:border-line-strong"
    >
      <option value="">{text.alone}</option>
      {right.map(({ name }) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </select>
  )
}
