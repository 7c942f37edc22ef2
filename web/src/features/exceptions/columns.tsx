import type { ExceptionRow } from '@/api/generated'
import type { Column } from '@/components/DataTable'
import { DateText, Money } from '@/components/Value'
import { formatConfidence, formatCount } from '@/lib/format'
import { wordFor } from '@/lib/vocabulary'

import { text } from './text'

export const COLUMNS: readonly Column<ExceptionRow>[] = [
  { id: 'row', header: text.columns.row, width: '3.5rem', align: 'end', cell: ({ row }) => <span className="text-muted">{formatCount(row + 1)}</span> },
  { id: 'type', header: text.columns.type, width: '8.5rem', cell: ({ type }) => wordFor('exceptionType', type) },
  { id: 'label', header: text.columns.label, width: 'minmax(9rem, 2fr)', cell: ({ label }) => <span className="font-medium">{label}</span> },
  { id: 'reference', header: text.columns.reference, width: 'minmax(6rem, 1fr)', cell: ({ reference }) => reference ?? '–' },
  { id: 'date', header: text.columns.date, width: '6.5rem', cell: ({ value_date }) => <DateText date={value_date} /> },
  { id: 'amount', header: text.columns.amount, width: '8.5rem', align: 'end', cell: ({ amount, currency }) => <Money amount={amount} currency={currency} /> },
  { id: 'reason', header: text.columns.reason, width: 'minmax(10rem, 3fr)', cell: ({ reason }) => <span title={reason}>{reason}</span> },
  { id: 'rival', header: text.columns.rival, width: '5.5rem', align: 'end', cell: ({ best_confidence }) => (best_confidence === null ? '–' : formatConfidence(best_confidence)) },
]
