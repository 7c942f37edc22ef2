import type { ColumnOut } from '@/api/generated'
import { formatDate, formatMoney } from '@/lib/format'

/** A value as the reader writes it: amounts grouped, days as days; everything else as it stands. */
export function columnValue(column: Pick<ColumnOut, 'type'>, value: string): string {
  if (column.type === 'amount' && /^-?\d+(\.\d+)?$/.test(value)) return formatMoney(value)
  return column.type === 'date' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? formatDate(value) : value
}
