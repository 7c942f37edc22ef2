import { locale } from './locale'

const MINUS = '−'
const NARROW_SPACE = '\u202f'
const numberFormats = new Map<string, Intl.NumberFormat>()

function numberFormat(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${locale()} ${JSON.stringify(options)}`
  const known = numberFormats.get(key)
  if (known) return known
  const made = new Intl.NumberFormat(locale(), options)
  numberFormats.set(key, made)
  return made
}

const withTrueMinus = (text: string) => text.replace(/-/g, MINUS)

/** A decimal string in the reader's grouping, with as many decimals as it came with and a true minus. Exact: it never passes through a float. */
export function formatMoney(amount: string): string {
  const decimals = amount.split('.')[1]?.length ?? 0
  // The formatter takes decimal strings exactly; its type wants a literal that no variable can have.
  const exact = amount as Intl.StringNumericLiteral
  return withTrueMinus(numberFormat({ minimumFractionDigits: decimals, maximumFractionDigits: decimals }).format(exact))
}

export function formatCount(value: number): string {
  return withTrueMinus(numberFormat({ maximumFractionDigits: 0 }).format(value))
}

export function formatDecimal(value: number, decimals: number): string {
  return withTrueMinus(numberFormat({ minimumFractionDigits: decimals, maximumFractionDigits: decimals }).format(value))
}

/** A share 0..1 as a percentage. Never rounds up to 100 %: what is not all is not shown as all. */
export function formatShare(share: number, decimals = 1): string {
  const step = 10 ** (decimals + 2)
  const shown = share < 1 ? Math.min(Math.round(share * step) / step, 1 - 1 / step) : share
  const wholes = shown === 1 || shown === 0 ? 0 : decimals
  return withTrueMinus(
    numberFormat({ style: 'percent', minimumFractionDigits: wholes, maximumFractionDigits: wholes }).format(shown),
  )
}

/** A probability with two decimals, cut and not rounded, so that 0.997 never reads as certain. */
export function formatConfidence(value: number): string {
  return formatDecimal(Math.floor(value * 100 + 1e-9) / 100, 2)
}

export function formatBytes(bytes: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const
  const step = Math.min(bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3), units.length - 1)
  const value = bytes / 1000 ** step
  return numberFormat({
    style: 'unit',
    unit: units[step],
    unitDisplay: step === 0 ? 'long' : 'short',
    maximumFractionDigits: value < 10 && step > 0 ? 1 : 0,
  }).format(value)
}

/** An ISO date (2026-01-31) as a calendar day: no time zone may move it. */
export function formatDate(iso: string): string {
  const day = new Date(`${iso.slice(0, 10)}T00:00:00Z`)
  return new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeZone: 'UTC' }).format(day)
}

export function formatTime(iso: string): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(iso))
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
]

/** "2 hours ago". Under a minute it says "now". */
export function formatAgo(iso: string, nowMilliseconds = Date.now()): string {
  const seconds = (new Date(iso).getTime() - nowMilliseconds) / 1000
  const format = new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' })
  for (const [unit, length] of STEPS) {
    if (Math.abs(seconds) >= length) return format.format(Math.trunc(seconds / length), unit)
  }
  return format.format(0, 'second')
}

/** A span of seconds in its two largest units: "1 min 20 s". */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  const parts: [number, string][] = [
    [Math.floor(whole / 3600), 'h'],
    [Math.floor((whole % 3600) / 60), 'min'],
    [whole % 60, 's'],
  ]
  const first = parts.findIndex(([amount]) => amount > 0)
  if (first < 0) return seconds > 0 ? `${formatDecimal(seconds, 1)}${NARROW_SPACE}s` : `0${NARROW_SPACE}s`
  return parts
    .slice(first, first + 2)
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount}${NARROW_SPACE}${unit}`)
    .join(' ')
}

/** "1 suggestion", "1,204 suggestions": the word is chosen by the language's plural rules. */
export function formatPlural(count: number, words: { one: string; other: string }): string {
  const form = new Intl.PluralRules(locale()).select(count) === 'one' ? 'one' : 'other'
  return `${formatCount(count)} ${words[form]}`
}

/** The sum of decimal strings, exact, with the most decimals any of them has. */
export function sumMoney(amounts: readonly string[]): string {
  const decimals = Math.max(0, ...amounts.map((amount) => amount.split('.')[1]?.length ?? 0))
  const total = amounts.reduce((sum, amount) => sum + minorUnits(amount, decimals), 0n)
  return fromMinorUnits(total, decimals)
}

/** `left − right` of two decimal strings, exact. */
export function subtractMoney(left: string, right: string): string {
  return sumMoney([left, right.startsWith('-') ? right.slice(1) : `-${right}`])
}

function minorUnits(amount: string, decimals: number): bigint {
  const [whole = '0', fraction = ''] = amount.replace('-', '').split('.')
  const units = BigInt(whole + fraction.padEnd(decimals, '0'))
  return amount.startsWith('-') ? -units : units
}

function fromMinorUnits(units: bigint, decimals: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, '0')
  const cut = digits.length - decimals
  const text = decimals === 0 ? digits : `${digits.slice(0, cut)}.${digits.slice(cut)}`
  return units < 0n ? `-${text}` : text
}
