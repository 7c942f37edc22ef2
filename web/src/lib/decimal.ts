/** Exact arithmetic on the decimal strings in which money travels. A sum of money never passes through a float. */

interface Scaled {
  readonly units: bigint
  readonly decimals: number
}

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?$/

function parse(text: string): Scaled {
  const found = DECIMAL.exec(text.trim())
  const digits = (found?.[2] ?? '') + (found?.[3] ?? '')
  if (!found || digits === '') throw new Error(`'${text}' is not a decimal.`)
  const units = BigInt(digits)
  return { units: found[1] === '-' ? -units : units, decimals: (found[3] ?? '').length }
}

function at(value: Scaled, decimals: number): bigint {
  return value.units * 10n ** BigInt(decimals - value.decimals)
}

function write(units: bigint, decimals: number): string {
  const sign = units < 0n ? '-' : ''
  const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, '0')
  if (decimals === 0) return sign + digits
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
}

/** The sum, with as many decimals as the most precise term; '0' for no terms. */
export function sumDecimals(terms: readonly string[]): string {
  const scaled = terms.map(parse)
  const decimals = Math.max(0, ...scaled.map((term) => term.decimals))
  return write(
    scaled.reduce((sum, term) => sum + at(term, decimals), 0n),
    decimals,
  )
}

export function negateDecimal(text: string): string {
  const { units, decimals } = parse(text)
  return write(-units, decimals)
}

export function subtractDecimals(from: string, taken: string): string {
  return sumDecimals([from, negateDecimal(taken)])
}

export function isZero(text: string): boolean {
  return parse(text).units === 0n
}

export function absoluteDecimal(text: string): string {
  return parse(text).units < 0n ? negateDecimal(text) : text
}

/** Part ÷ whole as a float in 0..1 for drawing; 0 where the whole is 0. Both are taken without their sign. */
export function shareOf(part: string, whole: string): number {
  const [a, b] = [parse(absoluteDecimal(part)), parse(absoluteDecimal(whole))]
  const decimals = Math.max(a.decimals, b.decimals)
  const [partUnits, wholeUnits] = [at(a, decimals), at(b, decimals)]
  if (wholeUnits === 0n) return 0
  return Number((partUnits * 1_000_000n) / wholeUnits) / 1_000_000
}
