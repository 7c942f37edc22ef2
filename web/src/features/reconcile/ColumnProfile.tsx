import { TriangleAlert } from 'lucide-react'
import { useState, type ReactNode } from 'react'

import type { ColumnOut, HistogramBin, RangeBin } from '@/api/generated'
import { Button } from '@/components/Button'
import { Dialog } from '@/components/Dialog'
import { ErrorLine } from '@/components/ErrorState'
import { classes } from '@/lib/classes'
import { formatCount, formatPlural, formatShare } from '@/lib/format'
import { wordFor } from '@/lib/vocabulary'

import { columnValue } from './columnValue'
import { text } from './text'

const TYPES = ['amount', 'date', 'text', 'identifier']
const ROLES = [
  'identifier', 'reference', 'amount', 'debit', 'credit', 'balance', 'currency', 'date', 'value_date', 'organisation', 'person_name', 'given_name', 'family_name',
  'free_text', 'email', 'phone', 'address', 'postcode', 'city', 'category', 'quantity', 'other',
]
const PLOT_HEIGHT = 96

type Props = {
  column: ColumnOut
  /** Absent where nothing may be changed. */
  onChange: ((answers: Record<string, string>) => void) | undefined
  isBusy: boolean
  error: unknown
  onClose: () => void
}

/** All that is known of a column, drawn; and what a person may correct: its type and its role. */
export function ColumnProfile({ column, onChange, isBusy, error, onClose }: Props) {
  return (
    <Dialog isOpen title={column.name} placement="side" onClose={onClose}>
      <div className="flex flex-col gap-6 text-13">
        {column.warnings.length > 0 && (
          <ul className="space-y-1 rounded-md bg-suggested-soft px-3 py-2 text-suggested">
            {column.warnings.map((warning) => (
              <li key={warning} className="flex gap-1.5">
                <TriangleAlert aria-hidden size={14} className="mt-0.5 shrink-0" />
                {warning}
              </li>
            ))}
          </ul>
        )}
        <Fullness column={column} />
        {column.histogram.length > 0 && <Plot column={column} bins={column.histogram} />}
        <Facts column={column} />
        {column.histogram.length === 0 && column.duplicates > 0 && <Ranking title={text.profile.topValues} counted={column.top_values} column={column} />}
        {column.patterns.length > 0 && <Ranking title={text.profile.patterns} hint={text.profile.patternsHint} counted={column.patterns} column={column} isCode />}
        {onChange && <Correction column={column} isBusy={isBusy} onChange={onChange} />}
        <ErrorLine error={error} />
      </div>
    </Dialog>
  )
}

/** One bar of all rows: values that stand for the first time, that repeat one, and rows without a value. */
function Fullness({ column }: { column: ColumnOut }) {
  const filled = column.distinct + column.duplicates
  const rows = column.filled > 0 ? filled / column.filled : 0
  const parts = [
    { label: text.profile.distinctPart, count: column.distinct, fill: 'bg-accent-fill' },
    { label: text.profile.repeatedPart, count: column.duplicates, fill: 'bg-accent-fill/45' },
    { label: text.profile.emptyPart, count: Math.round(rows - filled), fill: 'bg-line-strong' },
  ]
  if (filled === 0) return <p className="text-muted">{text.profile.empty}</p>
  return (
    <div>
      <div aria-hidden className="flex h-3 gap-px overflow-hidden rounded-sm bg-line">
        {parts.map((part) => part.count > 0 && <span key={part.label} className={part.fill} style={{ width: `${(part.count / rows) * 100}%`, minWidth: 2 }} />)}
      </div>
      <ul className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-12 text-soft">
        {parts.map((part) => (
          <li key={part.label} className="flex items-center gap-1.5">
            <span aria-hidden className={classes('size-2 rounded-full', part.fill)} />
            <span className="tabular font-medium text-ink">{formatCount(part.count)}</span> {part.label}
          </li>
        ))}
      </ul>
    </div>
  )
}

function Plot({ column, bins }: { column: ColumnOut; bins: readonly RangeBin[] }) {
  const most = Math.max(...bins.map((bin) => bin.count))
  const near = bins.filter((bin) => !bin.is_far)
  return (
    <figure>
      <div className="flex items-end gap-0.5 border-b border-line-strong" style={{ height: PLOT_HEIGHT }}>
        {bins.map((bin) => (
          <span
            key={bin.low}
            title={`${columnValue(column, bin.low)} – ${columnValue(column, bin.high)}: ${formatPlural(bin.count, text.rows)}`}
            className={classes('min-w-0 flex-1 rounded-t-sm', bin.is_far ? 'bg-suggested-solid' : 'bg-accent-fill')}
            style={{ height: bin.count === 0 ? 0 : `${Math.max(bin.is_far ? 6 : 2, (bin.count / most) * 100)}%` }}
          />
        ))}
      </div>
      <figcaption className="tabular mt-1 flex justify-between text-12 text-muted">
        <span>{columnValue(column, near[0]?.low ?? '')}</span>
        <span>{columnValue(column, near.at(-1)?.high ?? '')}</span>
      </figcaption>
      {bins.some((bin) => bin.is_far) && (
        <p className="mt-1 flex items-center gap-1.5 text-12 text-soft">
          <span aria-hidden className="size-2 rounded-full bg-suggested-solid" />
          {text.profile.far(column.outlier_examples.map((value) => columnValue(column, value)).join(' · '))}
        </p>
      )}
    </figure>
  )
}

function Facts({ column }: { column: ColumnOut }) {
  const facts: [string, ReactNode][] = [
    [text.profile.type, wordFor('columnType', column.type)],
    [text.profile.role, wordFor('role', column.role)],
    [text.profile.filled, formatShare(column.filled)],
    [text.profile.from, column.minimum === null ? null : columnValue(column, column.minimum)],
    [text.profile.to, column.maximum === null ? null : columnValue(column, column.maximum)],
    [text.profile.samples, column.samples.map((value) => columnValue(column, value)).join(' · ')],
  ]
  return (
    <dl className="grid grid-cols-[6rem_1fr] gap-x-3 gap-y-1">
      {facts.map(
        ([name, value]) =>
          value !== null && (
            <div key={name} className="contents">
              <dt className="text-muted">{name}</dt>
              <dd className="tabular min-w-0 break-words">{value}</dd>
            </div>
          ),
      )}
    </dl>
  )
}

type RankingProps = { title: string; hint?: string; counted: readonly HistogramBin[]; column: ColumnOut; isCode?: boolean }

function Ranking({ title, hint, counted, column, isCode = false }: RankingProps) {
  const filled = Math.max(1, column.distinct + column.duplicates)
  return (
    <section>
      <h3 className="text-12 font-medium text-muted">{title}</h3>
      {hint && <p className="text-12 text-muted">{hint}</p>}
      <ul className="mt-1.5 space-y-1">
        {counted.map((one) => (
          <li key={one.label} className="grid grid-cols-[minmax(0,1fr)_4rem_3.5rem] items-center gap-2">
            <span className={classes('truncate', isCode && 'font-mono text-12')} title={one.label}>
              {one.label}
            </span>
            <span aria-hidden className="h-1.5 overflow-hidden rounded-full bg-line">
              <span className="block h-full bg-accent-fill" style={{ width: `${(one.count / filled) * 100}%` }} />
            </span>
            <span className="tabular text-right text-12 text-muted">{formatCount(one.count)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** What a person knows better: kept for the next file with this header. */
function Correction({ column, isBusy, onChange }: { column: ColumnOut; isBusy: boolean; onChange: (answers: Record<string, string>) => void }) {
  const [type, setType] = useState(column.type)
  const [role, setRole] = useState(column.role)
  const answers = { ...(type !== column.type && { [`type:${column.name}`]: type }), ...(role !== column.role && { [`role:${column.name}`]: role }) }
  return (
    <fieldset className="rounded-md border border-line p-3">
      <legend className="px-1 text-12 font-medium text-muted">{text.profile.correct}</legend>
      <div className="grid grid-cols-2 gap-3">
        <Choice label={text.profile.type} kind="columnType" value={type} values={TYPES.includes(column.type) ? TYPES : [column.type, ...TYPES]} onChoose={setType} />
        <Choice label={text.profile.role} kind="role" value={role} values={ROLES} onChoose={setRole} />
      </div>
      <div className="mt-3 flex items-center gap-3">
        <Button size="small" tone="primary" isBusy={isBusy} disabled={Object.keys(answers).length === 0} onClick={() => onChange(answers)}>
          {text.profile.apply}
        </Button>
        <p className="text-12 text-muted">{text.profile.correctHint}</p>
      </div>
    </fieldset>
  )
}

type ChoiceProps = { label: string; kind: 'columnType' | 'role'; value: string; values: readonly string[]; onChoose: (value: string) => void }

function Choice({ label, kind, value, values, onChoose }: ChoiceProps) {
  return (
    <label className="flex flex-col gap-1 text-12 text-muted">
      {label}
      <select value={value} onChange={(event) => onChoose(event.target.value)} className="h-8 rounded-md border border-line-strong bg-surface px-2 text-13 text-ink">
        {values.map((one) => (
          <option key={one} value={one}>
            {wordFor(kind, one)}
          </option>
        ))}
      </select>
    </label>
  )
}
