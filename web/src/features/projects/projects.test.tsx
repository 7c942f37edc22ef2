import { screen, within } from '@testing-library/react'
import { http, HttpResponse } from 'msw'
import { beforeEach, describe, expect, it } from 'vitest'
import { SIGNED_IN_KEY } from '@/state/session'
import { violationsIn } from '@/test/axe'
import { columnOf, fileOf, jobOf, memberOf, projectOf, rulesetOf } from '@/test/fixtures'
import { renderApp } from '@/test/renderApp'
import { problem, server, world } from '@/test/server'

const api = (path: string) => `*/api/v1${path}`
const house = projectOf(1, { name: 'House bank' })

beforeEach(() => localStorage.setItem(SIGNED_IN_KEY, 'yes'))

describe('the list of projects', () => {
  it('says what to do when it is empty', async () => {
    renderApp('/projects')
    expect(await screen.findByText('No project yet')).toBeVisible()
    expect(screen.getAllByRole('button', { name: 'New project' })).toHaveLength(2)
    expect(await violationsIn()).toEqual([])
  })

  it('shows of many only those in view, says how many there are, and opens one by keyboard', async () => {
    world.projects = Array.from({ length: 500 }, (_, number) => projectOf(number + 1))
    const { user, address } = renderApp('/projects')
    const grid = await screen.findByRole('grid', { name: 'Projects' })
    expect(grid).toHaveAttribute('aria-rowcount', '501')
    expect(screen.getByText('500 projects')).toBeVisible()
    expect(within(grid).getAllByRole('row').length).toBeLessThan(60)
    expect(await violationsIn()).toEqual([])
    within(grid).getByRole('row', { name: /^Project 1 –/ }).focus()
    await user.keyboard('{ArrowDown}')
    await expect.poll(() => document.activeElement?.textContent).toContain('Project 2')
    await user.keyboard('{Enter}')
    expect(address()).toBe(`/projects/${projectOf(2).id}`)
  })
})

describe('a project', () => {
  beforeEach(() => {
    world.projects = [house]
  })

  it('shows its jobs, files, rulesets and members', async () => {
    world.jobs = [jobOf(1, { name: 'January' })]
    world.files = [fileOf(1), fileOf(2, { status: 'rejected', error: 'This is a PNG image and not a table.' })]
    world.rulesets = [rulesetOf(1)]
    world.members = [memberOf(1, { name: 'Ada Byron', role: 'owner' }), memberOf(2, { name: 'Grace Hopper' })]
    const { user, address } = renderApp(`/projects/${house.id}`)
    expect(await screen.findByRole('row', { name: /January/ })).toHaveTextContent('4,210')
    expect(await violationsIn()).toEqual([])
    await user.click(screen.getByRole('tab', { name: /Files/ }))
    expect(await screen.findByText('This is a PNG image and not a table.')).toBeVisible()
    expect(address()).toContain('tab=files')
    await user.keyboard('{ArrowRight}')
    expect(await screen.findByText('Bank to ledger 1')).toBeVisible()
    await user.keyboard('{ArrowRight}')
    expect(await screen.findByText('Grace Hopper')).toBeVisible()
    expect(await violationsIn()).toEqual([])
  })

  it('tells what was seen in a file', async () => {
    world.files = [
      fileOf(1, {
        rows_rejected: 1,
        warnings: ['3 lines above the header were skipped.'],
        columns: [
          columnOf('Betrag', 'amount', { distinct: 12, samples: ['-300.00'] }),
        ],
      }),
    ]
    server.use(
      http.get(api('/files/:id/row-errors'), () =>
        HttpResponse.json({ items: [{ line: 17, reason: "'12,5O' is not an amount.", raw: '02.01.2026;12,5O' }], next_cursor: null, total: 1 }),
      ),
    )
    const { user } = renderApp(`/projects/${house.id}?tab=files`)
    await user.click(await screen.findByRole('row', { name: /bank-2026-01/ }))
    const dialog = await screen.findByRole('dialog', { name: 'bank-2026-01.csv' })
    expect(within(dialog).getByRole('rowheader', { name: 'Betrag' })).toBeVisible()
    expect(await within(dialog).findByText("'12,5O' is not an amount.")).toBeVisible()
    expect(within(dialog).getByRole('link', { name: /Rows left out/ })).toHaveAttribute('href', `/api/v1/files/${fileOf(1).id}/row-errors.csv`)
    expect(await violationsIn(dialog)).toEqual([])
  })

  it('gives a member another role, and says why it could not', async () => {
    world.members = [memberOf(1, { name: 'Ada Byron', role: 'owner' })]
    server.use(http.patch(api('/projects/:id/members/:user'), () => problem(409, 'A project needs at least one owner.', 'Conflict')))
    const { user } = renderApp(`/projects/${house.id}?tab=members`)
    await user.selectOptions(await screen.findByLabelText('Role: Ada Byron'), 'Viewer')
    expect(await screen.findByText('A project needs at least one owner.')).toBeVisible()
    expect(screen.getByLabelText('Role: Ada Byron')).toHaveValue('owner')
  })

  it('is deleted only after a question', async () => {
    let deleted = 0
    server.use(
      http.delete(api('/projects/:id'), () => {
        deleted += 1
        world.projects = []
        return new HttpResponse(null, { status: 204 })
      }),
    )
    const { user } = renderApp(`/projects/${house.id}`)
    await user.click(await screen.findByRole('button', { name: 'More' }))
    await user.click(screen.getByRole('menuitem', { name: 'Delete project' }))
    const question = screen.getByRole('dialog', { name: 'Delete “House bank”?' })
    expect(deleted).toBe(0)
    await user.click(within(question).getByRole('button', { name: 'Delete project' }))
    expect(await screen.findByText('No project yet')).toBeVisible()
    expect(deleted).toBe(1)
  })

  it('offers a viewer nothing that would be refused', async () => {
    world.projects = [{ ...house, role: 'viewer' }]
    renderApp(`/projects/${house.id}?tab=members`)
    await screen.findByText('Ada Byron')
    const main = within(screen.getByRole('main'))
    expect(main.queryByRole('link', { name: 'New reconciliation' })).not.toBeInTheDocument()
    expect(main.queryByRole('button', { name: 'Add member' })).not.toBeInTheDocument()
  })

  it('of others is not found', async () => {
    renderApp('/projects/00000000-0000-4000-8000-000000000099')
    expect(await screen.findByText('There is no such thing.')).toBeVisible()
  })
})
