import { expect, it } from 'vitest'

import { filterQuery, filtersOf, openRow, withFilters, withOpenRow } from './filters'

it('opens to the left side in file order', () => {
  expect(filterQuery(filtersOf(new URLSearchParams()))).toEqual({ side: 'left', sort: 'row' })
})

it('keeps side, type, search and order in the address', () => {
  const search = withFilters(new URLSearchParams(), { side: 'right', type: 'fee', q: 'acme', sort: '-amount' })
  expect(search.toString()).toBe('side=right&type=fee&q=acme&sort=-amount')
  expect(filtersOf(search)).toEqual({ side: 'right', type: 'fee', q: 'acme', sort: '-amount' })
})

it('closes the open record when the filters change', () => {
  const search = withOpenRow(new URLSearchParams('side=right'), 12)
  expect(openRow(search)).toBe(12)
  expect(openRow(withFilters(search, { type: 'fee' }))).toBeNull()
})

it('takes no row that is not a number', () => {
  expect(openRow(new URLSearchParams('row=-1'))).toBeNull()
})
