import type { ExceptionRow } from '@/api/generated'
import type { Column } from '@/components/DataTable'
import { DateText, Money } from '@/components/Value'
import { formatConfidence, formatCount } from '@/lib/format'
import { wordFor } from '@/lib/vocabulary'

import { text } from './text'

export const COLUMNS: readonly Column<ExceptionRow>[] = [
  { id: 'row', header: text.columns.row, width: '3.5rem', align: 'end', cell: ({ row }) => <span className="text-muted">{formatCount(row + 1)}</span> },
  { id: 'type', header: text.columns.type, width: '7.5rem', cell: ({ type }) => wordFor('exceptionType', type) },
  {
    id: 'label',
    header: text.columns.label,
    width: 'minmax(8rem, 4fr)',
    cell: ({ label, reference }) => (
      <>
        <span className="block truncate font-medium">{label}</span>
        <span className="block truncate text-12 text-muted">{reference}</span>
      </>
    ),
  },
  {
    id: 'amount',
    header: text.columns.amount,
    width: '7.5rem',
    align: 'end',
    cell: ({ amount, currency, value_date }) => (
      <>
        <Money amount={amount} currency={currency} className="block" />
        <span className="block text-12 text-muted">
          <DateText date={value_date} />
        </span>
      </>
    ),
  },
  { id: 'reason', header: text.columns.reason, width: 'minmax(10rem, 5fr)', cell: ({ reason }) => <span title={reason} className="line-clamp-2 whitespace-normal">{reason}</span> },
  { id: 'rival', header: text.columns.rival, isOptional: true, width: '4rem', align: 'end', cell: ({ best_confidence }) => (best_confidence === null ? '–' : formatConfidence(best_confidence)) },
]
