import { classes } from '@/lib/classes'
import { formatAgo, formatConfidence, formatCount, formatDate, formatMoney, formatTime } from '@/lib/format'

/** An exact amount: right figures, true minus, the currency small beside it. */
export function Money({ amount, currency, className }: { amount: string | null; currency?: string | null; className?: string }) {
  if (amount === null) return <Nothing />
  return (
    <span className={classes('tabular whitespace-nowrap', className)}>
      {formatMoney(amount)}
      {currency && <span className="ml-1 text-12 text-muted">{currency}</span>}
    </span>
  )
}

export function Count({ value, className }: { value: number; className?: string }) {
  return <span className={classes('tabular', className)}>{formatCount(value)}</span>
}

export function DateText({ date }: { date: string | null }) {
  if (date === null) return <Nothing />
  return (
    <time dateTime={date} className="tabular whitespace-nowrap">
      {formatDate(date)}
    </time>
  )
}

/** "2 hours ago", with the full time on hover. */
export function Ago({ time }: { time: string | null }) {
  if (time === null) return <Nothing />
  return (
    <time dateTime={time} title={formatTime(time)} className="whitespace-nowrap">
      {formatAgo(time)}
    </time>
  )
}

export function Confidence({ value }: { value: number }) {
  return <span className="tabular">{formatConfidence(value)}</span>
}

export function Nothing() {
  return <span className="text-muted">–</span>
}
