/** Side, type, search and order of the exceptions: all of it in the URL. */

import type { ExceptionFilter } from '@/api/exceptions'
import type { ExceptionSort } from '@/api/generated'

export type Side = 'left' | 'right'

export type ExceptionFilters = {
  readonly side: Side
  readonly type: string
  readonly q: string
  readonly sort: ExceptionSort
}

export const SORTS: readonly ExceptionSort[] = ['row', '-amount', 'amount', '-date', 'date']
const DEFAULTS: ExceptionFilters = { side: 'left', type: '', q: '', sort: 'row' }

export function filtersOf(search: URLSearchParams): ExceptionFilters {
  return {
    side: search.get('side') === 'right' ? 'right' : 'left',
    type: search.get('type') ?? '',
    q: search.get('q') ?? '',
    sort: SORTS.find((known) => known === search.get('sort')) ?? DEFAULTS.sort,
  }
}

/** The address with some filters changed; those at their default are left out, and a record that was open is closed. */
export function withFilters(search: URLSearchParams, change: Partial<ExceptionFilters>): URLSearchParams {
  const filters = { ...filtersOf(search), ...change }
  const kept = Object.entries(filters).filter(([key, value]) => value !== DEFAULTS[key as keyof ExceptionFilters]) // the keys are those of the filters
  return new URLSearchParams(kept)
}

export function filterQuery(filters: ExceptionFilters): ExceptionFilter {
  return { side: filters.side, sort: filters.sort, ...(filters.type && { type: filters.type }), ...(filters.q && { q: filters.q }) }
}

/** The row whose details are open; null where none is. */
export function openRow(search: URLSearchParams): number | null {
  const row = search.get('row')
  return row !== null && /^\d+$/.test(row) ? Number(row) : null
}

export function withOpenRow(search: URLSearchParams, row: number | null): URLSearchParams {
  const next = new URLSearchParams(search)
  if (row === null) next.delete('row')
  else next.set('row', String(row))
  return next
}
