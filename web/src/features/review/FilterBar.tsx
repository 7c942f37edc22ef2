import { EyeOff } from 'lucide-react'
import type { Ref } from 'react'

import { SearchField } from '@/components/SearchField'
import { formatConfidence } from '@/lib/format'
import { useTyped } from '@/lib/useTyped'
import { wordFor } from '@/lib/vocabulary'

import { isBlind, METHODS, SORTS, sortChange, type MatchFilters } from './filters'
import { text } from './text'

type Props = { filters: MatchFilters; onChange: (change: Partial<MatchFilters>) => void; search: Ref<HTMLInputElement> }

const CONTROL = 'h-8 rounded-md border border-line-strong bg-surface px-2 text-13 text-ink placeholder:text-muted'

/** The filters of the queue in one line; what narrows the list is visible at a glance. */
export function FilterBar({ filters, onChange, search }: Props) {
  if (isBlind(filters)) return <BlindBar filters={filters} onChange={onChange} search={search} />
  return (
    <search className="flex flex-wrap items-center gap-2">
      <SearchField label={text.search} shortcut="f" value={filters.q} onChange={(q) => onChange({ q })} inputRef={search} />
      <select aria-label={text.status} className={CONTROL} value={filters.status} onChange={(event) => onChange({ status: event.target.value as MatchFilters['status'] })}>
        {(['suggested', 'confirmed', 'rejected'] as const).map((status) => (
          <option key={status} value={status}>
            {wordFor('matchStatus', status)}
          </option>
        ))}
        <option value="all">{text.allStatuses}</option>
      </select>
      <select aria-label={text.method} className={CONTROL} value={filters.method} onChange={(event) => onChange({ method: event.target.value })}>
        <option value="">{text.anyMethod}</option>
        {METHODS.map((method) => (
          <option key={method} value={method}>
            {wordFor('method', method)}
          </option>
        ))}
      </select>
      <ConfidenceRange filters={filters} onChange={onChange} />
      <AmountRange filters={filters} onChange={onChange} />
      <Flag label={text.ambiguous} isOn={filters.ambiguous === true} onChange={(isOn) => onChange({ ambiguous: isOn ? true : null })} />
      {filters.status !== 'suggested' && <Flag label={text.undecided} isOn={filters.decided === false} onChange={(isOn) => onChange({ decided: isOn ? false : null })} />}
    </search>
  )
}

/** While the score is hidden, only what does not tell it can be chosen. */
function BlindBar({ filters, onChange, search }: Props) {
  return (
    <search className="flex flex-wrap items-center gap-2">
      <SearchField label={text.search} shortcut="f" value={filters.q} onChange={(q) => onChange({ q })} inputRef={search} />
      <select aria-label={text.blindScope} className={CONTROL} value={filters.status === 'all' ? 'all' : 'suggested'} onChange={(event) => onChange({ status: event.target.value === 'all' ? 'all' : 'suggested' })}>
        <option value="suggested">{text.blindSuggested}</option>
        <option value="all">{text.blindAll}</option>
      </select>
      <p className="inline-flex items-center gap-1.5 text-13 text-soft">
        <EyeOff aria-hidden size={14} className="shrink-0 text-muted" />
        {text.blindHint}
      </p>
    </search>
  )
}

/** The order of the queue. */
export function SortChoice({ filters, onChange }: Pick<Props, 'filters' | 'onChange'>) {
  return (
      <select aria-label={text.sort} className={CONTROL} value={filters.sort} onChange={(event) => onChange(sortChange(event.target.value as MatchFilters['sort']))}>
        {SORTS.map((sort) => (
          <option key={sort} value={sort}>
            {text.sorts[sort]}
          </option>
        ))}
      </select>
  )
}

const CONFIDENCE_STEPS = ['0.1', '0.2', '0.3', '0.4', '0.5', '0.6', '0.7', '0.8', '0.9', '0.95', '0.99']

function ConfidenceRange({ filters, onChange }: Pick<Props, 'filters' | 'onChange'>) {
  return (
    <span role="group" aria-label={text.confidence} className="inline-flex items-center gap-1 text-12 text-muted">
      <span aria-hidden className="pr-0.5">{text.confidence}</span>
      <ConfidenceBound label={`${text.confidence} ${text.from}`} empty="≥ any" sign="≥" value={filters.confidence_min} onChange={(confidence_min) => onChange({ confidence_min })} />
      <ConfidenceBound label={`${text.confidence} ${text.to}`} empty="≤ any" sign="≤" value={filters.confidence_max} onChange={(confidence_max) => onChange({ confidence_max })} />
    </span>
  )
}

type BoundProps = { label: string; empty: string; sign: string; value: string; onChange: (value: string) => void }

function ConfidenceBound({ label, empty, sign, value, onChange }: BoundProps) {
  const steps = value === '' || CONFIDENCE_STEPS.includes(value) ? CONFIDENCE_STEPS : [value, ...CONFIDENCE_STEPS]
  return (
    <select aria-label={label} className={CONTROL} value={value} onChange={(event) => onChange(event.target.value)}>
      <option value="">{empty}</option>
      {steps.map((step) => (
        <option key={step} value={step}>
          {sign} {formatConfidence(Number(step))}
        </option>
      ))}
    </select>
  )
}

function AmountRange({ filters, onChange }: Pick<Props, 'filters' | 'onChange'>) {
  return (
    <span role="group" aria-label={text.amount} className="inline-flex items-center gap-1 text-12 text-muted">
      <span aria-hidden className="pr-0.5">{text.amount}</span>
      <AmountBound label={`${text.amount} ${text.from}`} placeholder={text.from} value={filters.amount_min} onChange={(amount_min) => onChange({ amount_min })} />
      <AmountBound label={`${text.amount} ${text.to}`} placeholder={text.to} value={filters.amount_max} onChange={(amount_max) => onChange({ amount_max })} />
    </span>
  )
}

function AmountBound({ label, placeholder, value, onChange }: { label: string; placeholder: string; value: string; onChange: (value: string) => void }) {
  const [typed, setTyped] = useTyped(value, onChange)
  return (
    <input
      type="text"
      inputMode="decimal"
      aria-label={label}
      placeholder={placeholder}
      className={`${CONTROL} tabular w-20 text-right`}
      value={typed}
      onChange={(event) => setTyped(event.target.value.replace(',', '.'))}
    />
  )
}

function Flag({ label, isOn, onChange }: { label: string; isOn: boolean; onChange: (isOn: boolean) => void }) {
  return (
    <label className="inline-flex h-8 cursor-pointer items-center gap-1.5 rounded-md px-1 text-13 text-soft">
      <input type="checkbox" className="accent-accent-fill" checked={isOn} onChange={(event) => onChange(event.target.checked)} />
      {label}
    </label>
  )
}
