import { describe, expect, it } from 'vitest'

import { activeFilters, DEFAULT_FILTERS, filterQuery, filtersOf, withFilters } from './filters'

describe('review filters in the address', () => {
  it('open to the suggestions, the surest first', () => {
    expect(filtersOf(new URLSearchParams())).toEqual(DEFAULT_FILTERS)
    expect(filterQuery(DEFAULT_FILTERS)).toEqual({ status: 'suggested', sort: '-confidence' })
  })

  it('come back as they were written', () => {
    const change = { status: 'all', q: 'Acme', ambiguous: true, decided: false, confidence_min: '0.5', sort: 'amount' } as const
    const search = withFilters(new URLSearchParams('at=7'), change)
    expect(search.get('at')).toBe('7')
    expect(filtersOf(search)).toEqual({ ...DEFAULT_FILTERS, ...change })
    expect(activeFilters(filtersOf(search))).toBe(4)
  })

  it('leave the address clean at their defaults', () => {
    expect(withFilters(new URLSearchParams('q=x'), { q: '' }).toString()).toBe('')
  })

  it('ignore what is no filter value', () => {
    const search = new URLSearchParams('status=lost&sort=colour&amount_min=ten&ambiguous=perhaps')
    expect(filtersOf(search)).toEqual(DEFAULT_FILTERS)
  })

  it('ask for every status by naming none', () => {
    expect(filterQuery({ ...DEFAULT_FILTERS, status: 'all' })).toEqual({ sort: '-confidence' })
  })
})
