/** The members of a group with their amounts, and the difference that is left after each. */

import type { FileOut, RecordOut } from '@/api/generated'
import { isDecimal, isZero } from '@/lib/decimal'
import { subtractMoney, sumMoney } from '@/lib/format'

export type Member = {
  readonly record: RecordOut
  /** Null where the record has no amount that can be read. */
  readonly amount: string | null
  /** Left so far less right so far, after this member; null as soon as an amount is missing. */
  readonly running: string | null
}

export type Group = { readonly members: readonly Member[]; readonly leftSum: string | null; readonly rightSum: string | null }

/** Which columns of a file carry its amount: one amount, or debit and credit together. */
export function amountColumns(file: Pick<FileOut, 'columns'> | undefined): readonly { name: string; role: string }[] {
  const columns = file?.columns ?? []
  const single = columns.filter((column) => column.role === 'amount').slice(0, 1)
  return single.length > 0 ? single : columns.filter((column) => column.role === 'debit' || column.role === 'credit')
}

/** The record's amount as the engine reads it: the column, or debit less credit. */
export function amountOf(record: RecordOut, columns: readonly { name: string; role: string }[]): string | null {
  const filled = columns.flatMap(({ name, role }) => {
    const value = record.values[name]
    return value !== null && value !== undefined && isDecimal(value) ? [{ value, role }] : []
  })
  if (filled.length === 0) return null
  const isSplit = columns.length > 1
  return sumMoney(filled.map(({ value, role }) => (isSplit && role === 'credit' ? subtractMoney('0', value) : value)))
}

/**
 * Left members first, then right ones, with the running difference. The right side counts with the sign under which the known
 * residual comes out, since one of the files may write its amounts the other way round.
 */
export function groupOf(
  left: readonly { record: RecordOut; amount: string | null }[],
  right: readonly { record: RecordOut; amount: string | null }[],
  residual: string | null,
): Group {
  const [leftSum, rightSum] = [totalOf(left), totalOf(right)]
  const sign = leftSum !== null && rightSum !== null && isFlipped(leftSum, rightSum, residual) ? 'same' : 'opposite'
  let running: string | null = '0'
  const add = ({ record, amount }: { record: RecordOut; amount: string | null }, isRight: boolean): Member => {
    if (running !== null) running = amount === null ? null : isRight && sign === 'opposite' ? subtractMoney(running, amount) : sumMoney([running, amount])
    return { record, amount, running }
  }
  return { members: [...left.map((one) => add(one, false)), ...right.map((one) => add(one, true))], leftSum, rightSum }
}

function totalOf(side: readonly { amount: string | null }[]): string | null {
  const amounts = side.flatMap(({ amount }) => (amount === null ? [] : [amount]))
  return amounts.length === side.length && side.length > 0 ? sumMoney(amounts) : null
}

function isFlipped(leftSum: string, rightSum: string, residual: string | null): boolean {
  const target = residual ?? '0'
  if (isZero(subtractMoney(subtractMoney(leftSum, rightSum), target))) return false
  return isZero(subtractMoney(sumMoney([leftSum, rightSum]), target))
}
