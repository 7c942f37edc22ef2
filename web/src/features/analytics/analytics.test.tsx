import { screen, within } from '@testing-library/react'
import { beforeEach, describe, expect, it } from 'vitest'
import { SIGNED_IN_KEY } from '@/state/session'
import { violationsIn } from '@/test/axe'
import { jobOf, overviewOf } from '@/test/fixtures'
import { renderApp } from '@/test/renderApp'
import { world } from '@/test/server'
import { trendCsv } from './trendCsv'

const point = (number: number, rate: number) => ({
  job_id: jobOf(number).id,
  job_name: `Month ${number}`,
  finished_at: '2026-01-01T00:00:00Z',
  match_rate_rows: rate,
  auto_match_rate_rows: rate - 0.05,
})

beforeEach(() => localStorage.setItem(SIGNED_IN_KEY, 'yes'))

describe('Analytics', () => {
  it('says its finding, draws it, and has the same as a table', async () => {
    world.overview = overviewOf({ trend: [point(1, 0.81), point(2, 0.957)], waiting_suggestions: 148 })
    const { user, address } = renderApp('/analytics')
    expect(await screen.findByRole('heading', { name: 'The match rate went from 81.0% to 95.7%' })).toBeVisible()
    expect(await violationsIn()).toEqual([])
    await user.click(screen.getByLabelText('Table'))
    expect(within(screen.getByRole('row', { name: /Month 2/ })).getByText('95.7%')).toBeVisible()
    await user.click(screen.getByLabelText('Chart'))
    await user.click(screen.getByRole('link', { name: 'Month 2: 95.7%' }))
    expect(address()).toBe(`/jobs/${jobOf(2).id}`)
  })

  it('says where figures come from while there are none', async () => {
    renderApp('/analytics')
    expect(await screen.findByText('No figures yet')).toBeVisible()
    expect(screen.queryByText('Recent jobs')).not.toBeInTheDocument()
  })
})

it('writes a trend whose names never become formulas', () => {
  const csv = trendCsv([{ ...point(1, 0.5), job_name: '=HYPERLINK("x")' }])
  expect(csv.split('\r\n')[1]).toBe(`"'=HYPERLINK(""x"")",2026-01-01T00:00:00Z,0.5,0.45`)
})
