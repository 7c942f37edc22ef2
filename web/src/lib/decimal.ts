/** Questions to the decimal strings in which money travels; sums are in `format`. Money never passes through a float on its way to a figure. */

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

export function isDecimal(text: string): boolean {
  return DECIMAL.test(text) && /\d/.test(text)
}

export function isZero(text: string): boolean {
  return parse(text).units === 0n
}

export function absoluteMoney(text: string): string {
  return text.startsWith('-') ? text.slice(1) : text
}

/** Part ÷ whole as a float in 0..1 for drawing; 0 where the whole is 0. Both are taken without their sign. */
export function shareOf(part: string, whole: string): number {
  const [a, b] = [parse(absoluteMoney(part)), parse(absoluteMoney(whole))]
  const decimals = Math.max(a.decimals, b.decimals)
  const [partUnits, wholeUnits] = [at(a, decimals), at(b, decimals)]
  if (wholeUnits === 0n) return 0
  return Number((partUnits * 1_000_000n) / wholeUnits) / 1_000_000
}

function at(value: Scaled, decimals: number): bigint {
  return value.units * 10n ** BigInt(decimals - value.decimals)
}
