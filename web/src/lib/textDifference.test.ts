import { describe, expect, it } from 'vitest'

import { textDifference, type Segment } from './textDifference'

const shown = (segments: readonly Segment[]): string =>
  segments.map(({ text, kind }) => (kind === 'equal' ? text : kind === 'form' ? `{${text}}` : `[${text}]`)).join('')

function marks(left: string, right: string): [string, string] {
  const difference = textDifference(left, right)
  return [shown(difference.left), shown(difference.right)]
}

describe('the difference inside two texts', () => {
  it('leaves equal texts quiet', () => {
    expect(marks('INV-1001', 'INV-1001')).toEqual(['INV-1001', 'INV-1001'])
  })

  it('marks the one number that differs in a reference', () => {
    expect(marks('INV-1001', 'INV-1002')).toEqual(['INV-100[1]', 'INV-100[2]'])
  })

  it('tells letter case apart from content', () => {
    expect(marks('ACME GMBH RE 1928', 'Acme GmbH')).toEqual(['{ACME} {GMBH}[ RE 1928]', '{Acme} {GmbH}'])
  })

  it('tells accents apart from content', () => {
    expect(marks('Zürich', 'Zurich')).toEqual(['{Zürich}', '{Zurich}'])
  })

  it('marks a typing slip as one letter', () => {
    expect(marks('Mohammed Ali', 'Mohamed Ali')).toEqual(['Moham[m]ed Ali', 'Mohamed Ali'])
  })

  it('marks the dashes alone where a reference was written without them', () => {
    expect(marks('INV2026001928', 'INV-2026-001928')).toEqual(['INV2026001928', 'INV[-]2026[-]001928'])
  })

  it('marks unrelated words whole', () => {
    expect(marks('Beta ApS', 'Alfa ApS')).toEqual(['[Beta] ApS', '[Alfa] ApS'])
  })

  it('marks all of a text that stands against nothing', () => {
    expect(marks('x', '')).toEqual(['[x]', ''])
  })

  it('adds up to the texts it was given', () => {
    const [left, right] = ['Zürich – AG, 12.5 %  x', 'zurich AG 12,5% y']
    const difference = textDifference(left, right)
    expect(difference.left.map((part) => part.text).join('')).toBe(left)
    expect(difference.right.map((part) => part.text).join('')).toBe(right)
  })

  it('gives up on very long texts instead of blocking', () => {
    const long = 'a 1 '.repeat(300)
    expect(textDifference(long, `${long}b`).left).toEqual([{ text: long, kind: 'different' }])
  })
})
