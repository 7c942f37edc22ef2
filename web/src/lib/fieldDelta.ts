/** What stands between the two values of a paired field: days, money, a similarity, or nothing. */

import { absoluteMoney, isDecimal, isZero } from './decimal'
import { formatDecimal, formatMoney, subtractMoney } from './format'

export interface ComparedField {
  readonly role: string
  readonly left: string | null
  readonly right: string | null
  readonly verdict: 'equal' | 'similar' | 'different' | 'missing'
}

export interface FieldDelta {
  readonly kind: ComparedField['verdict']
  /** Short enough for a table's last column. */
  readonly text: string
  /** The same in words, for a screen reader. */
  readonly words: string
}

const MONEY_ROLES = new Set(['amount', 'debit', 'credit'])
const DATE_ROLES = new Set(['date', 'value_date'])
const ISO_DAY = /^\d{4}-\d{2}-\d{2}/

export function isMoneyRole(role: string): boolean {
  return MONEY_ROLES.has(role)
}

export function isIsoDay(text: string): boolean {
  return ISO_DAY.test(text)
}

/** Left less right for money (without the sign where one side writes it the other way round), days from left to right for dates. */
export function fieldDelta(field: ComparedField, similarity: number | null): FieldDelta {
  const { left, right } = field
  if (left === null || right === null || field.verdict === 'missing') return { kind: 'missing', text: '—', words: 'missing' }
  if (MONEY_ROLES.has(field.role) && isDecimal(left) && isDecimal(right)) return moneyDelta(left, right, field.verdict)
  if (DATE_ROLES.has(field.role) && isIsoDay(left) && isIsoDay(right)) return dayDelta(left, right)
  if (field.verdict === 'equal') return { kind: 'equal', text: '=', words: 'equal' }
  if (similarity === null) return { kind: field.verdict, text: field.verdict === 'similar' ? '~' : '≠', words: field.verdict }
  const shown = formatDecimal(similarity, 2)
  return { kind: field.verdict, text: `~ ${shown}`, words: `${field.verdict}, similarity ${shown}` }
}

function moneyDelta(left: string, right: string, verdict: FieldDelta['kind']): FieldDelta {
  const flipped = isZero(subtractMoney(absoluteMoney(left), absoluteMoney(right)))
  const difference = flipped ? '0' : subtractMoney(left, right)
  if (isZero(difference)) return { kind: 'equal', text: '=', words: 'equal' }
  return { kind: verdict, text: formatMoney(difference), words: `difference ${formatMoney(difference)}` }
}

function dayDelta(left: string, right: string): FieldDelta {
  const days = Math.round((Date.parse(right.slice(0, 10)) - Date.parse(left.slice(0, 10))) / 86_400_000)
  if (days === 0) return { kind: 'equal', text: '=', words: 'same day' }
  const sign = days < 0 ? '−' : '+'
  const far = Math.abs(days)
  return {
    kind: far <= 7 ? 'similar' : 'different',
    text: `${sign}${far} d`,
    words: `right is ${far} ${far === 1 ? 'day' : 'days'} ${days < 0 ? 'earlier' : 'later'}`,
  }
}
