import { screen, within } from '@testing-library/react'
import { http, HttpResponse } from 'msw'
import { beforeEach, describe, expect, it } from 'vitest'

import type { PairChange } from '@/api/generated'
import { SIGNED_IN_KEY } from '@/state/session'
import { violationsIn } from '@/test/axe'
import { jobOf } from '@/test/fixtures'
import { renderApp } from '@/test/renderApp'
import { differenceOf } from '@/test/results'
import { server, world } from '@/test/server'

const PAIR: PairChange = {
  left_row: 4, right_row: 7, left_label: 'ACME GMBH', right_label: 'Acme GmbH', amount: '1200.00', currency: 'EUR',
  confidence_before: null, status_before: null, confidence_after: 0.94, status_after: 'confirmed',
}
const before = { id: jobOf(2).id, name: 'December', created_at: '2026-01-02T10:00:00Z' }
const other = { id: jobOf(3).id, name: 'November', created_at: '2025-12-02T10:00:00Z' }

beforeEach(() => {
  localStorage.setItem(SIGNED_IN_KEY, 'yes')
  world.jobs = [jobOf(1)]
})

function answer() {
  const asked: (string | null)[] = []
  server.use(
    http.get('*/api/v1/jobs/:job/difference', ({ request }) => {
      const wanted = new URL(request.url).searchParams.get('before')
      asked.push(wanted)
      return HttpResponse.json(
        differenceOf({
          before: wanted === other.id ? other : before,
          comparable: [before, other],
          gained: { pairs: 300, amounts: { EUR: '9800.00' }, largest: [PAIR] },
          moved: { pairs: 1, amounts: {}, largest: [{ ...PAIR, confidence_before: 0.61, status_before: 'suggested' }] },
          unchanged: 4_102,
        }),
      )
    }),
  )
  return asked
}

describe('comparing two jobs', () => {
  it('shows how many pairs changed, their value, and the largest', async () => {
    answer()
    renderApp(`/jobs/${jobOf(1).id}/compare`)
    expect(await screen.findByRole('tab', { name: 'Gained 300' })).toHaveAttribute('aria-selected', 'true')
    expect(screen.getByText('4,102')).toBeInTheDocument()
    const table = screen.getByRole('table', { name: 'Gained' })
    expect(within(table).getByRole('row', { name: /ACME GMBH 5/ })).toHaveTextContent('open0.94Matched')
    expect(screen.getByText('The 1 largest of 300')).toBeInTheDocument()
    expect(await violationsIn()).toEqual([])
  })

  it('keeps the kind and the earlier job in the address', async () => {
    const asked = answer()
    const { user, address } = renderApp(`/jobs/${jobOf(1).id}/compare`)
    await user.click(await screen.findByRole('tab', { name: 'Moved 1' }))
    expect(screen.getByRole('table', { name: 'Moved' })).toHaveTextContent('0.61Suggested')
    await user.selectOptions(screen.getByRole('combobox', { name: 'Compared with' }), other.id)
    expect(address()).toBe(`/jobs/${jobOf(1).id}/compare?kind=moved&before=${other.id}`)
    expect(asked.at(-1)).toBe(other.id)
    await user.click(screen.getByRole('tab', { name: 'Lost 0' }))
    expect(screen.getByText('No pair of this kind.')).toBeInTheDocument()
  })
})
