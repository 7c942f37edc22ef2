import { screen, waitFor, within } from '@testing-library/react'
import { http, HttpResponse } from 'msw'
import { beforeEach, describe, expect, it } from 'vitest'

import { SIGNED_IN_KEY } from '@/state/session'
import { violationsIn } from '@/test/axe'
import { jobOf } from '@/test/fixtures'
import { renderApp } from '@/test/renderApp'
import { exceptionDetailOf, exceptionOf, finishedJob } from '@/test/results'
import { server, world } from '@/test/server'

const ADDRESS = `/jobs/${jobOf(1).id}/exceptions`
const grid = () => screen.findByRole('grid', { name: /exceptions/i })

beforeEach(() => {
  localStorage.setItem(SIGNED_IN_KEY, 'yes')
  world.jobs = [jobOf(1)]
  const left = Array.from({ length: 12 }, (_, number) => exceptionOf(number))
  const right = Array.from({ length: 3 }, (_, number) => exceptionOf(number, { side: 'right', type: 'missing_left', label: `Open ${number}` }))
  server.use(...finishedJob({ matches: [], exceptions: [...left, ...right] }).handlers)
})

describe('exceptions', () => {
  it('lists one side with its types and values', async () => {
    renderApp(ADDRESS)
    expect(within(await grid()).getAllByRole('row')).toHaveLength(13)
    const types = screen.getByRole('navigation', { name: 'Type' })
    expect(within(types).getByRole('button', { name: /Amount difference 4/ })).toHaveTextContent('7,200.00')
    expect(await violationsIn()).toEqual([])
  })

  it('narrows to one type and keeps it in the address', async () => {
    const { user, address } = renderApp(ADDRESS)
    await user.click(await screen.findByRole('button', { name: /Amount difference/ }))
    await waitFor(() => expect(address()).toBe(`${ADDRESS}?type=amount_difference`))
    await waitFor(async () => expect(within(await grid()).getAllByRole('row')).toHaveLength(5))
  })

  it('shows the other side', async () => {
    const { user } = renderApp(ADDRESS)
    await user.click(await screen.findByRole('tab', { name: /Right/ }))
    expect(await screen.findByText('Open 2')).toBeInTheDocument()
  })

  it('opens a record with its best rival and why not', async () => {
    const { user, address } = renderApp(ADDRESS)
    await user.click(await screen.findByText('Mohammed Ali 3'))
    const drawer = await screen.findByRole('dialog', { name: /Mohammed Ali 3/ })
    expect(await within(drawer).findByText('difference 12.00 exceeds 0.50')).toBeInTheDocument()
    expect(within(drawer).getByText(/amount within 12\.00 instead of 0\.50/)).toBeInTheDocument()
    expect(address()).toBe(`${ADDRESS}?row=3`)
    expect(await violationsIn(drawer)).toEqual([])
    await user.click(within(drawer).getByRole('button', { name: 'Next exception' }))
    await waitFor(() => expect(address()).toBe(`${ADDRESS}?row=4`))
  })

  it('explains a record against any other one, and steps by keys', async () => {
    const asked: string[] = []
    server.use(
      http.get('*/api/v1/jobs/:job/explain', ({ request }) => {
        const { searchParams } = new URL(request.url)
        asked.push(`${searchParams.get('left_row')} ${searchParams.get('right_row')}`)
        return HttpResponse.json({ ...exceptionDetailOf(exceptionOf(3)).rival, reason: 'The names differ.' })
      }),
    )
    const { user, address } = renderApp(`${ADDRESS}?row=3`)
    const drawer = await screen.findByRole('dialog', { name: /Mohammed Ali 3/ })
    await user.click(await within(drawer).findByRole('button', { name: 'Compare with another record' }))
    await user.type(within(drawer).getByRole('searchbox', { name: 'A record of the right side' }), '2')
    await user.click(await within(drawer).findByRole('button', { name: 'Right, row 2' }))
    expect(await within(drawer).findByText('The names differ.')).toBeVisible()
    expect(asked).toEqual(['3 1'])
    expect(await violationsIn(drawer)).toEqual([])
    await user.keyboard('j')
    await waitFor(() => expect(address()).toBe(`${ADDRESS}?row=4`))
  })

  it('says so when a search finds nothing, with the way back', async () => {
    const { user } = renderApp(`${ADDRESS}?q=nobody`)
    await user.click(await screen.findByRole('button', { name: 'Clear filters' }))
    expect(within(await grid()).getAllByRole('row')).toHaveLength(13)
  })
})
