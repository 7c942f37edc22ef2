import { describe, expect, it } from 'vitest'

import type { PairedFieldOut } from '@/api/generated'
import { linePath, pairColumns, pairsOf, partnersOf, releaseColumn } from './pairLines'

const FIELDS: PairedFieldOut[] = [
  { name: 'amount', role: 'amount', left: ['Betrag'], right: ['debit', 'credit'] },
  { name: 'date', role: 'value_date', left: ['Datum'], right: ['posted'] },
]

describe('pairs of columns', () => {
  it('are drawn column by column', () => {
    expect(pairsOf(FIELDS)).toEqual([
      { left: 'Betrag', right: 'debit' },
      { left: 'Betrag', right: 'credit' },
      { left: 'Datum', right: 'posted' },
    ])
    expect(linePath({ x: 0, y: 10 }, { x: 100, y: 30 })).toBe('M 0 10 C 50 10, 50 30, 100 30')
  })

  it('let go of both former partners when two columns are paired', () => {
    const fields = pairColumns(FIELDS, { left: 'Datum', right: 'debit' }, 'date')
    expect(fields).toEqual([
      { name: 'amount', role: 'amount', left: ['Betrag'], right: ['credit'] },
      { name: 'date', role: 'value_date', left: ['Datum'], right: ['debit'] },
    ])
  })

  it('name a new field after its left column', () => {
    const fields = pairColumns(FIELDS, { left: 'Verwendungs-Zweck', right: 'memo' }, 'free_text')
    expect(fields.at(-1)).toEqual({ name: 'verwendungs_zweck', role: 'free_text', left: ['Verwendungs-Zweck'], right: ['memo'] })
  })

  it('end with the last column of a side', () => {
    expect(releaseColumn(FIELDS, 'left', 'Datum').map((field) => field.name)).toEqual(['amount'])
    expect(partnersOf(FIELDS, 'left', 'Datum')).toEqual(['posted'])
    expect(partnersOf(FIELDS, 'right', 'credit')).toEqual(['Betrag'])
    expect(partnersOf(FIELDS, 'left', 'Text')).toEqual([])
  })
})
