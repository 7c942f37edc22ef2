/** The filters and the order of the review list. They live in the URL, so that a view can be sent, saved and reloaded. */

import type { MatchSort, MatchStatus } from '@/api/generated'
import type { MatchFilter } from '@/api/matches'

export interface MatchFilters {
  readonly status: MatchStatus | 'all'
  readonly method: string
  readonly q: string
  readonly ambiguous: boolean | null
  readonly decided: boolean | null
  readonly confidence_min: string
  readonly confidence_max: string
  readonly amount_min: string
  readonly amount_max: string
  readonly sort: MatchSort
}

/** What one opens to: the suggestions, the surest first, so that the quick ones are gone quickly. */
export const DEFAULT_FILTERS: MatchFilters = {
  status: 'suggested',
  method: '',
  q: '',
  ambiguous: null,
  decided: null,
  confidence_min: '',
  confidence_max: '',
  amount_min: '',
  amount_max: '',
  sort: '-confidence',
}

const STATUSES: readonly string[] = ['suggested', 'confirmed', 'rejected', 'all']
export const SORTS: readonly MatchSort[] = ['-confidence', 'confidence', '-amount', 'amount', '-date', 'date', 'match_id', 'informative']
export const METHODS = ['exact', 'tolerance', 'fuzzy', 'ml', 'group_key', 'group_sum'] as const

const TEXTS = ['method', 'q', 'confidence_min', 'confidence_max', 'amount_min', 'amount_max'] as const
const NUMBERS: readonly string[] = ['confidence_min', 'confidence_max', 'amount_min', 'amount_max']
const FLAGS = ['ambiguous', 'decided'] as const

/** Read the filters; what is not a filter value is as if it were not there. */
export function filtersOf(search: URLSearchParams): MatchFilters {
  const texts = Object.fromEntries(TEXTS.map((key) => [key, textOf(search, key)]))
  const flags = Object.fromEntries(FLAGS.map((key) => [key, flagOf(search.get(key))]))
  const status = search.get('status') ?? ''
  const sort = SORTS.find((known) => known === search.get('sort'))
  return {
    ...DEFAULT_FILTERS,
    ...texts,
    ...flags,
    ...(STATUSES.includes(status) && { status: status as MatchFilters['status'] }), // it is in the list
    ...(sort && { sort }),
    ...(sort === 'informative' && sortChange(sort)), // an address may say less, or too much
  }
}

function textOf(search: URLSearchParams, key: string): string {
  const text = (search.get(key) ?? '').trim()
  return NUMBERS.includes(key) && !/^-?\d+(\.\d+)?$/.test(text) ? '' : text
}

function flagOf(text: string | null): boolean | null {
  return text === 'true' ? true : text === 'false' ? false : null
}

/** Write the filters into the search part of the address; those at their default are left out. Other parameters stay. */
export function withFilters(search: URLSearchParams, change: Partial<MatchFilters>): URLSearchParams {
  const next = new URLSearchParams(search)
  for (const [key, value] of Object.entries({ ...filtersOf(search), ...change })) {
    const fallback = DEFAULT_FILTERS[key as keyof MatchFilters] // the keys are those of the filters
    if (value === fallback || value === null) next.delete(key)
    else next.set(key, String(value))
  }
  return next
}

/** What the API is asked for; empty filters are left out. */
export function filterQuery(filters: MatchFilters): MatchFilter {
  return {
    sort: filters.sort,
    ...(filters.status !== 'all' && { status: filters.status }),
    ...(filters.method && { method: filters.method }),
    ...(filters.q && { q: filters.q }),
    ...(filters.ambiguous !== null && { ambiguous: filters.ambiguous }),
    ...(filters.decided !== null && { decided: filters.decided }),
    ...(filters.confidence_min && { confidence_min: Number(filters.confidence_min) }),
    ...(filters.confidence_max && { confidence_max: Number(filters.confidence_max) }),
    ...(filters.amount_min && { amount_min: filters.amount_min }),
    ...(filters.amount_max && { amount_max: filters.amount_max }),
  }
}

/** How many filters, sort and status apart, narrow the list. */
export function activeFilters(filters: MatchFilters): number {
  const keys = [...TEXTS, ...FLAGS].filter((key) => key !== 'decided' || !isBlind(filters))
  return keys.filter((key) => filters[key] !== DEFAULT_FILTERS[key]).length
}

/** In the order drawn for labelling nothing may tell the score, so that it does not sway the answer. */
export function isBlind(filters: MatchFilters): boolean {
  return filters.sort === 'informative'
}

/** What changes with the order: filters that tell the score go, and what is decided is not asked again. */
export function sortChange(sort: MatchSort): Partial<MatchFilters> {
  if (sort !== 'informative') return { sort, decided: null }
  return { sort, decided: false, method: '', ambiguous: null, confidence_min: '', confidence_max: '' }
}
