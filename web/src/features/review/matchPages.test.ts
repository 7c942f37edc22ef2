import { describe, expect, it } from 'vitest'

import type { MatchPage, MatchRow } from '@/api/generated'
import { PAGE_SIZE } from '@/api/paging'
import { loadedRows, nextAfter, positionOf, rowAt, withMatch } from './matchPages'

function row(match_id: number, change: Partial<MatchRow> = {}): MatchRow {
  return {
    match_id,
    status: 'suggested',
    confidence: 0.9,
    method: 'ml',
    pass_name: 'linkage',
    left_count: 1,
    right_count: 1,
    left_label: `left ${match_id}`,
    right_label: `right ${match_id}`,
    reference: null,
    amount: '1.00',
    residual: null,
    residual_reason: null,
    currency: 'EUR',
    value_date: '2026-01-02',
    ambiguous: false,
    reason: null,
    decided_by: null,
    decided_at: null,
    version: 1,
    ...change,
  }
}

function pages(count: number): MatchPage[] {
  const rows = Array.from({ length: count }, (_, index) => row(index))
  const result: MatchPage[] = []
  for (let start = 0; start < count; start += PAGE_SIZE) {
    const items = rows.slice(start, start + PAGE_SIZE)
    result.push({ items, next_cursor: start + PAGE_SIZE < count ? String(start) : null, total: count, undecided: count, amounts: {} })
  }
  return result
}

describe('the loaded pages of the review list', () => {
  it('find a row by its position and a position by its match', () => {
    const known = pages(450)
    expect(loadedRows(known)).toBe(450)
    expect(rowAt(known, 401)?.match_id).toBe(401)
    expect(positionOf(known, 401)).toBe(401)
    expect(rowAt(known, 450)).toBeUndefined()
  })

  it('keep a decided row in its place and count it as decided', () => {
    const data = { pages: pages(450), pageParams: [null, '0', '100', '200', '300'] }
    const after = withMatch(data, row(201, { status: 'confirmed', decided_by: 'Ada' }))
    expect(rowAt(after.pages, 201)?.status).toBe('confirmed')
    expect(after.pages.map((page) => page.undecided)).toEqual([449, 449, 449, 449, 449])
    expect(after.pages[0]?.items).toBe(data.pages[0]?.items)
    expect(withMatch(after, row(201)).pages[0]?.undecided).toBe(450)
  })

  it('leave the list alone for a match that is not loaded', () => {
    const data = { pages: pages(3), pageParams: [null] }
    expect(withMatch(data, row(77))).toBe(data)
  })

  it('go on to the next row that waits, and never back', () => {
    const data = { pages: pages(3), pageParams: [null] }
    const decided = withMatch(data, row(1, { status: 'rejected', decided_by: 'Ada' }))
    expect(nextAfter(decided.pages, 0)).toBe(2)
    expect(nextAfter(decided.pages, 2)).toBe(2)
  })
})
