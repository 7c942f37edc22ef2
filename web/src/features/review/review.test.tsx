import { screen, waitFor, within } from '@testing-library/react'
import { http, ws } from 'msw'
import { beforeEach, describe, expect, it } from 'vitest'

import { SIGNED_IN_KEY } from '@/state/session'
import { violationsIn } from '@/test/axe'
import { columnOf, fileOf, jobOf } from '@/test/fixtures'
import { renderApp } from '@/test/renderApp'
import { finishedJob, matchOf } from '@/test/results'
import { problem, server, world } from '@/test/server'

const ADDRESS = `/jobs/${jobOf(1).id}/review`

function withMatches(count: number, change: (number: number) => Parameters<typeof matchOf>[1] = () => ({})) {
  const job = finishedJob({ matches: Array.from({ length: count }, (_, number) => matchOf(number, change(number))) })
  server.use(...job.handlers)
  return job
}

const queue = () => screen.findByRole('listbox', { name: /matches/i })
const current = () => within(screen.getByRole('listbox')).getByRole('option', { selected: true })
/** Where the cursor stands, also where jsdom, which cannot scroll, does not draw the row. */
const cursor = () => screen.getByRole('listbox').getAttribute('aria-activedescendant')
const said = (words: RegExp) => waitFor(() => expect(screen.getAllByRole('status').some((one) => words.test(one.textContent ?? ''))).toBe(true))

beforeEach(() => {
  localStorage.setItem(SIGNED_IN_KEY, 'yes')
  world.jobs = [jobOf(1)]
  world.files = [
    fileOf(1, { columns: [] }),
    fileOf(2, { columns: [] }),
  ]
})

describe('review', () => {
  it('shows the queue and the first match field by field', async () => {
    withMatches(5)
    renderApp(ADDRESS)
    expect(within(await queue()).getAllByRole('option')).toHaveLength(5)
    expect(current()).toHaveTextContent('ACME GMBH RE 1928')
    expect(current()).toHaveTextContent('−1.50 fee')
    const fields = await screen.findByRole('table', { name: /field by field/i })
    expect(within(fields).getByRole('row', { name: /date/ })).toHaveTextContent('−2 d')
    expect(within(fields).getByRole('row', { name: /amount/ })).toHaveTextContent('−1.50')
    expect(screen.getByRole('list', { name: /evidence/i })).toHaveTextContent('+9.2')
    expect(await violationsIn()).toEqual([])
  })

  it('accepts, rejects and undoes from the keyboard and says each result', async () => {
    const job = withMatches(5)
    const { user } = renderApp(ADDRESS)
    await queue()
    await user.keyboard('a')
    expect(current()).toHaveTextContent('BETA APS RE 1929')
    await said(/Accepted: ACME GMBH RE 1928\. Next: BETA APS RE 1929, 0\.96/)
    await user.keyboard('r')
    expect(current()).toHaveTextContent('ZÜRICH RE RE 1930')
    await waitFor(() => expect([job.matchAt(0)?.status, job.matchAt(1)?.status]).toEqual(['confirmed', 'rejected']))
    await user.keyboard('u')
    await said(/Undone: BETA APS RE 1929/)
    expect(job.matchAt(1)?.status).toBe('suggested')
    expect(current()).toHaveTextContent('BETA APS RE 1929')
  })

  it('keeps decided rows in their place and counts them', async () => {
    withMatches(5)
    const { user } = renderApp(ADDRESS)
    const list = await queue()
    await screen.findByText('0/118')
    await user.keyboard('a')
    expect(await within(list).findByText('Matched')).toBeInTheDocument()
    expect(within(list).getAllByRole('option')).toHaveLength(5)
    await screen.findByText('1/118')
  })

  it('moves by key, and by page', async () => {
    withMatches(40)
    const { user } = renderApp(ADDRESS)
    await queue()
    await user.keyboard('jjk')
    expect(cursor()).toBe('match-option-1')
    await user.keyboard(']]')
    expect(cursor()).toBe('match-option-21')
  })

  it('decides twenty without a pointer', async () => {
    const job = withMatches(25)
    const { user } = renderApp(ADDRESS)
    await queue()
    await user.keyboard('ar'.repeat(10))
    await waitFor(() => expect(job.decisions).toHaveLength(20))
    expect(cursor()).toBe('match-option-20')
  })

  it('shows the decision of whoever was faster instead of overwriting it', async () => {
    const job = withMatches(3)
    const { user } = renderApp(ADDRESS)
    await queue()
    job.decide(0, 'reject', 'Bo Berg')
    await user.keyboard('a')
    await said(/Bo Berg rejected this first; that decision stands/)
    expect(job.matchAt(0)).toMatchObject({ status: 'rejected', decided_by: 'Bo Berg' })
    await user.keyboard('k')
    expect(await screen.findByRole('alert')).toHaveTextContent('Bo Berg rejected this first')
  })

  it('shows what somebody else decides meanwhile, in its place', async () => {
    const job = withMatches(3)
    const link = ws.link('ws://localhost/api/v1/ws')
    const topic = `job:${jobOf(1).id}`
    let tell: ((data: unknown) => void) | undefined
    server.use(
      link.addEventListener('connection', ({ client }) =>
        client.addEventListener('message', ({ data }) => {
          if (!String(data).includes(topic) || !String(data).includes('"subscribe"')) return
          tell = (data) => client.send(JSON.stringify({ topic, sequence: 1, type: 'match.decided', data }))
        }),
      ),
    )
    renderApp(ADDRESS)
    const list = await queue()
    await waitFor(() => expect(tell).toBeDefined())
    tell?.(job.decide(0, 'accept', 'Bo Berg'))
    expect(await within(list).findByText('Bo Berg')).toBeInTheDocument()
    await said(/Bo Berg accepted this while you were here/)
    expect(current()).toHaveAttribute('aria-posinset', '1')
  })

  it('puts a match back that could not be decided, and says why', async () => {
    withMatches(3)
    server.use(http.post('*/api/v1/jobs/:job/matches/:match/decision', () => problem(403, 'A viewer cannot decide.', 'Forbidden')))
    const { user } = renderApp(ADDRESS)
    const list = await queue()
    await user.keyboard('a')
    await said(/A viewer cannot decide/)
    await waitFor(() => expect(within(list).queryByText('Matched')).not.toBeInTheDocument())
  })

  it('undoes the newest own decision after a reload', async () => {
    const job = withMatches(3)
    job.decide(1, 'accept', 'Ada Byron')
    job.decide(2, 'accept', 'Bo Berg')
    const { user } = renderApp(ADDRESS)
    await queue()
    await user.keyboard('u')
    await said(/Undone: BETA APS RE 1929/)
    expect(job.matchAt(1)?.status).toBe('suggested')
    expect(job.matchAt(2)?.status).toBe('confirmed')
    await waitFor(() => expect(current()).toHaveTextContent('BETA APS RE 1929'))
  })

  it('hides score, status and evidence in the order drawn for labelling, and goes on by key', async () => {
    const job = withMatches(5, (number) => (number % 2 === 1 ? { status: 'confirmed' } : {}))
    const { user, address } = renderApp(`${ADDRESS}?status=all`)
    await queue()
    expect(current()).toHaveTextContent('0.97')
    await user.keyboard('b')
    await waitFor(() => expect(address()).toContain('sort=informative'))
    await screen.findByText('Do these belong together?')
    await screen.findByRole('table', { name: /field by field/i })
    const page = screen.getByRole('main')
    expect(page).not.toHaveTextContent(/0\.9\d/)
    for (const hidden of ['Evidence', 'Runner-up', 'Suggested', 'Matched', 'Ambiguous', 'Learned linkage']) expect(page).not.toHaveTextContent(hidden)
    expect(screen.queryByRole('combobox', { name: 'Method' })).not.toBeInTheDocument()
    expect(await violationsIn()).toEqual([])
    await user.keyboard('ar')
    await said(/Rejected: BETA APS RE 1929\. Next: ZÜRICH RE RE 1930\.$/)
    await waitFor(() => expect([job.matchAt(0)?.status, job.matchAt(1)?.status]).toEqual(['confirmed', 'rejected']))
    expect(cursor()).toBe('match-option-2')
    await user.keyboard('b')
    await waitFor(() => expect(address()).toBe(`${ADDRESS}?status=all`))
    expect(await screen.findByText('Evidence')).toBeInTheDocument()
  })

  it('keeps its filters in the address', async () => {
    withMatches(5)
    const { user, address } = renderApp(`${ADDRESS}?status=all`)
    await queue()
    await user.keyboard('f')
    const search = screen.getByRole('searchbox')
    expect(search).toHaveFocus()
    await user.type(search, 'nordwind{Enter}')
    await waitFor(() => expect(address()).toBe(`${ADDRESS}?status=all&q=nordwind`))
    await waitFor(() => expect(within(screen.getByRole('listbox')).getAllByRole('option')).toHaveLength(1))
  })

  it('keeps only what is in view in the document and fetches on', async () => {
    withMatches(350)
    renderApp(ADDRESS)
    const list = await queue()
    expect(list).toHaveAccessibleName('Matches, 350 in all')
    expect(within(list).getAllByRole('option').length).toBeLessThan(60)
  })

  it('runs a group down to zero', async () => {
    world.files = [
      fileOf(1, { columns: [columnOf('Betrag', 'amount')] }),
      fileOf(2, { columns: [columnOf('amount', 'amount')] }),
    ]
    withMatches(1, () => ({ right_count: 3, residual: '0.00' }))
    renderApp(ADDRESS)
    await queue()
    const members = await screen.findByRole('table', { name: /members/i })
    await waitFor(() => expect(within(members).getAllByRole('row').at(-1)).toHaveTextContent('0.00'))
    expect(within(members).getAllByRole('row')).toHaveLength(5)
  })

  it('says what to do when nothing is left', async () => {
    withMatches(0)
    renderApp(ADDRESS)
    expect(await screen.findByText('Nothing left to review')).toBeInTheDocument()
    expect(screen.getByRole('link', { name: 'See exceptions' })).toBeInTheDocument()
  })

  it('says what happened when the list cannot be read', async () => {
    withMatches(1)
    server.use(http.get('*/api/v1/jobs/:job/matches', () => problem(503, 'The database is not reachable. Try again in a moment.', 'Not available')))
    renderApp(ADDRESS)
    expect(await screen.findByText('The database is not reachable. Try again in a moment.')).toBeInTheDocument()
    expect(screen.getByRole('button', { name: 'Try again' })).toBeInTheDocument()
  })
})
