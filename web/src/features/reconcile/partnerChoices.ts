import type { ColumnOut, PairedFieldOut } from '@/api/generated'
import type { Choice } from '@/components/Chooser'
import { wordFor } from '@/lib/vocabulary'

import { partnersOf } from './pairLines'
import type { Side } from './side'
import { text } from './text'

/** What a column may be paired with, likely partners first: those of the same meaning, then of the same type, free ones before paired ones. Standing alone is the first choice. */
export function partnerChoices(column: ColumnOut, others: readonly ColumnOut[], fields: readonly PairedFieldOut[], side: Side): Choice<string | null>[] {
  const taken = (other: ColumnOut) => partnersOf(fields, side, other.name)
  const distance = (other: ColumnOut) => {
    const isSameRole = column.role !== 'other' && other.role === column.role
    return (isSameRole ? 0 : other.type === column.type ? 2 : 4) + (taken(other).length > 0 ? 1 : 0)
  }
  const ranked = others.map((other) => ({ other, distance: distance(other) })).sort((a, b) => a.distance - b.distance)
  return [
    { value: null, label: text.alone },
    ...ranked.map(({ other }) => {
      const partners = taken(other)
      const kind = wordFor('role', other.role === 'other' ? other.type : other.role)
      return { value: other.name, label: other.name, hint: partners.length > 0 ? text.takenBy(partners.join(', ')) : kind }
    }),
  ]
}
