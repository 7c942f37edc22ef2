import type { SettledOut } from '@/api/generated'
import { wordFor } from '@/lib/vocabulary'

import { text } from './text'

/** "Amount: Decimal comma" for an answered question, "Amount is read as text" for a changed column. */
export function sentenceOf(item: SettledOut): string {
  const [kind = '', ...rest] = item.key.split(':')
  const column = rest.join(':')
  if (kind === 'type') return text.settled.type(column, wordFor('columnType', item.answer))
  if (kind === 'role') return text.settled.role(column, wordFor('role', item.answer))
  return column === '' ? item.answer_label : `${column}: ${item.answer_label}`
}
