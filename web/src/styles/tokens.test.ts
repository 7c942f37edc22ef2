import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const CSS = readFileSync('src/styles/tokens.css', 'utf8')
const INKS = ['ink', 'ink-soft', 'ink-muted', 'accent', 'matched', 'suggested', 'open', 'conflict']
const GROUNDS = ['canvas', 'surface', 'sunken', 'raised']
const CONTRAST_MIN = 4.5

function tokensOf(theme: string): Record<string, string> {
  const block = CSS.split(`[data-theme='${theme}'] {`)[1]?.split('}')[0] ?? ''
  return Object.fromEntries([...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map((match) => [match[1], match[2]]))
}

/** WCAG 2.2, relative luminance. */
function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return (high + 0.05) / (low + 0.05)
}

describe.each(['light', 'dark'])('the %s theme', (theme) => {
  const tokens = tokensOf(theme)
  const of = (name: string) => tokens[name] ?? '#000000'

  it.each(INKS)('has a readable %s on every ground', (ink) => {
    for (const ground of GROUNDS) expect(contrast(of(ink), of(ground)), `${ink} on ${ground}`).toBeGreaterThanOrEqual(CONTRAST_MIN)
  })
  it.each(['accent', 'matched', 'suggested', 'open', 'conflict'])('has a readable %s on its own soft ground', (ink) => {
    expect(contrast(of(ink), of(`${ink}-soft`))).toBeGreaterThanOrEqual(CONTRAST_MIN)
  })
  it('has readable buttons and readable text in a selected row', () => {
    for (const fill of ['accent-fill', 'accent-fill-hover']) expect(contrast(of('on-fill'), of(fill))).toBeGreaterThanOrEqual(CONTRAST_MIN)
    for (const ink of ['ink', 'ink-soft', 'ink-muted', 'matched', 'suggested', 'open', 'conflict']) {
      expect(contrast(of(ink), of('accent-soft')), ink).toBeGreaterThanOrEqual(CONTRAST_MIN)
    }
  })
})
