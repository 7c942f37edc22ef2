import { describe, expect, it } from 'vitest'

import { withColumns, withFlip } from './rulesetDraft'

const YAML = `version: 1
name: Bank to ledger
columns:
- field: amount
  role: amount
  left:
  - Betrag
  right:
  - amount
flip_right_sign: false
passes:
- name: reference
  kind: exact
`

describe('a ruleset draft', () => {
  it('has other columns and the same passes', () => {
    const draft = withColumns(YAML, [{ name: 'date', role: 'value_date', left: ['Datum'], right: ['posted: on'] }])
    expect(draft).toBe(`version: 1
name: Bank to ledger
columns:
- {"field":"date","role":"value_date","left":["Datum"],"right":["posted: on"]}
flip_right_sign: false
passes:
- name: reference
  kind: exact
`)
  })

  it('can have no columns and get them back', () => {
    const none = withColumns(YAML, [])
    expect(none).toContain('columns: []\nflip_right_sign')
    expect(withColumns(none, [{ name: 'a', role: 'other', left: ['x'], right: ['y'] }])).toContain('columns:\n- {"field":"a"')
  })

  it('turns the sign', () => {
    expect(withFlip(YAML, true)).toContain('flip_right_sign: true\npasses:')
  })

  it('adds what a hand-written ruleset leaves out', () => {
    expect(withFlip('passes:\n- name: a\n', true)).toBe('flip_right_sign: true\npasses:\n- name: a\n')
  })
})
