/** The lines between left and right columns, and the editing of pairs. */

import type { PairedFieldOut } from '@/api/generated'

import { otherSide, type Side } from './side'

export interface Point {
  readonly x: number
  readonly y: number
}

export interface Pair {
  readonly left: string
  readonly right: string
}

/** A gentle curve from a left column to a right one, as the `d` of an SVG path. */
export function linePath(from: Point, to: Point): string {
  const bend = (to.x - from.x) / 2
  return `M ${from.x} ${from.y} C ${from.x + bend} ${from.y}, ${to.x - bend} ${to.y}, ${to.x} ${to.y}`
}

/** Every left column with every right one of the same field: what is drawn. */
export function pairsOf(fields: readonly PairedFieldOut[]): Pair[] {
  return fields.flatMap((field) => field.left.flatMap((left) => field.right.map((right) => ({ left, right }))))
}

type Line = { readonly key: string; readonly left: number; readonly right: number }
type Named = { readonly name: string }

/** The heights, in pixels, at which the lines begin and end that touch the rows in view; a line may cross them though both of its ends are out of sight. */
export function linesIn(
  pairs: readonly Pair[],
  columns: { readonly left: readonly Named[]; readonly right: readonly Named[] },
  rowPixels: number,
  view: { readonly startIndex: number; readonly endIndex: number } | null,
): Line[] {
  const place = (side: Side) => new Map(columns[side].map((column, index) => [column.name, index]))
  const left = place('left')
  const right = place('right')
  return pairs.flatMap((pair) => {
    const from = left.get(pair.left)
    const to = right.get(pair.right)
    if (from === undefined || to === undefined) return []
    if (view && (Math.max(from, to) < view.startIndex || Math.min(from, to) > view.endIndex)) return []
    return [{ key: `${pair.left} ${pair.right}`, left: (from + 0.5) * rowPixels, right: (to + 0.5) * rowPixels }]
  })
}

/** The columns of the other side that a column is paired with; none where it stands alone. */
export function partnersOf(fields: readonly PairedFieldOut[], side: Side, column: string): readonly string[] {
  return fields.find((field) => field[side].includes(column))?.[otherSide(side)] ?? []
}

/** Pair two columns; what either was paired with before lets go. A field keeps its name, so that rules that use it go on to hold. */
export function pairColumns(fields: readonly PairedFieldOut[], pair: Pair, role: string): PairedFieldOut[] {
  const before = fields.find((field) => field.left.includes(pair.left))
  const released = releaseColumn(releaseColumn(fields, 'left', pair.left), 'right', pair.right)
  const name = before && !released.some((field) => field.name === before.name) ? before.name : freeName(released, pair.left)
  return [...released, { name, role: before?.role ?? role, left: [pair.left], right: [pair.right] }]
}

/** Take one column out of its field; a field that loses its last column of a side goes. */
export function releaseColumn(fields: readonly PairedFieldOut[], side: Side, column: string): PairedFieldOut[] {
  return fields
    .map((field) => (field[side].includes(column) ? { ...field, [side]: field[side].filter((name) => name !== column) } : field))
    .filter((field) => field.left.length > 0 && field.right.length > 0)
}

function freeName(fields: readonly PairedFieldOut[], column: string): string {
  const stem = column.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '_').replace(/^_+|_+$/g, '') || 'field'
  let name = stem
  for (let count = 2; fields.some((field) => field.name === name); count++) name = `${stem}_${count}`
  return name
}
