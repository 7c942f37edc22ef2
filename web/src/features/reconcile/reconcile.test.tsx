import { screen, waitFor, within } from '@testing-library/react'
import { http, HttpResponse } from 'msw'
import { beforeEach, describe, expect, it } from 'vitest'

import type { JobStart, ProposalRequest } from '@/api/generated'
import { SIGNED_IN_KEY } from '@/state/session'
import { violationsIn } from '@/test/axe'
import { columnOf, fileOf, jobOf, projectOf, rulesetOf } from '@/test/fixtures'
import { renderApp } from '@/test/renderApp'
import { proposalOf } from '@/test/results'
import { problem, server, world } from '@/test/server'
import { uploadHandlers } from '@/test/uploads'

import { forgetUploads } from './uploadQueue'

const ADDRESS = `/projects/${projectOf(1).id}/reconcile`
const BOTH = `${ADDRESS}?left=${fileOf(1).id}&right=${fileOf(2).id}`

const started: JobStart[] = []
let uploads = uploadHandlers()

beforeEach(() => {
  localStorage.setItem(SIGNED_IN_KEY, 'yes')
  started.length = 0
  world.projects = [projectOf(1)]
  world.files = [
    fileOf(1, { columns: [columnOf('Betrag', 'amount'), columnOf('Datum', 'value_date'), columnOf('Text', 'free_text')] }),
    fileOf(2, { columns: [columnOf('amount', 'amount'), columnOf('posted', 'date'), columnOf('customer', 'organisation', { warnings: ['4 values repeat.'] })] }),
  ]
  world.jobs = [jobOf(1, { status: 'queued', position: 1 })]
  uploads = uploadHandlers()
  forgetUploads()
  server.use(
    http.post('*/api/v1/projects/:project/proposals', async ({ request }) => {
      const { fields } = (await request.json()) as ProposalRequest
      return HttpResponse.json(proposalOf(fields ? { fields } : {}))
    }),
    http.post('*/api/v1/projects/:project/jobs', async ({ request }) => {
      started.push((await request.json()) as JobStart)
      return HttpResponse.json(world.jobs[0], { status: 202 })
    }),
    ...uploads.handlers,
  )
})

const csv = (name: string) => new File(['a;b\n1;2\n'], name, { type: 'text/csv' })

describe('new reconciliation', () => {
  it('goes from two files to a running job', async () => {
    const { user, address } = renderApp(ADDRESS)
    await user.upload(await screen.findByLabelText('Drop the left file here', { selector: 'input' }), csv('bank-2026-01.csv'))
    await user.upload(await screen.findByLabelText('Drop the right file here', { selector: 'input' }), csv('ledger-2026-01.xlsx'))
    const run = await screen.findByRole('button', { name: 'Run' })
    await waitFor(() => expect(run).toHaveFocus())
    expect(await violationsIn()).toEqual([])
    await user.keyboard('{Enter}')
    await waitFor(() => expect(address()).toBe(`/jobs/${jobOf(1).id}`))
    expect(started[0]).toMatchObject({ left_file_id: fileOf(1).id, right_file_id: fileOf(2).id })
    expect(started[0]).not.toHaveProperty('ruleset_yaml')
  })

  it('takes two files dropped on one side as the two sides', async () => {
    const { user, address } = renderApp(ADDRESS)
    await user.upload(await screen.findByLabelText('Drop the left file here', { selector: 'input' }), [csv('bank-2026-01.csv'), csv('ledger-2026-01.xlsx')])
    await waitFor(() => expect(address()).toBe(BOTH))
  })

  it('takes files that are in the project already', async () => {
    const { user, address } = renderApp(ADDRESS)
    await user.selectOptions(await screen.findByLabelText('Left: a file already in the project'), 'bank-2026-01.csv')
    await waitFor(() => expect(address()).toContain(`left=${fileOf(1).id}`))
  })

  it('says why an upload failed and tries again', async () => {
    server.use(http.post('*/api/v1/projects/:project/uploads', () => problem(507, 'The disk is full. Try again later.', 'Storage full'), { once: true }))
    const { user } = renderApp(ADDRESS)
    await user.upload(await screen.findByLabelText('Drop the left file here', { selector: 'input' }), csv('bank-2026-01.csv'))
    expect(await screen.findByText('The disk is full. Try again later.')).toBeInTheDocument()
    await user.click(screen.getByRole('button', { name: 'Try again' }))
    expect(await screen.findByRole('button', { name: 'Change: bank-2026-01.csv' })).toBeInTheDocument()
  })

  it('does not offer to send a file again that was refused for what it is', async () => {
    server.use(http.post('*/api/v1/projects/:project/uploads', () => problem(422, 'The file is empty: choose a file with at least a header and one row.')))
    const { user } = renderApp(ADDRESS)
    await user.upload(await screen.findByLabelText('Drop the left file here', { selector: 'input' }), csv('empty.csv'))
    expect(await screen.findByText(/The file is empty/)).toBeInTheDocument()
    expect(screen.queryByRole('button', { name: 'Try again' })).not.toBeInTheDocument()
  })

  it('asks what a file alone cannot settle', async () => {
    const why = '03/04/2025 is either 3 April or March 4.'
    world.files[0] = fileOf(1, { status: 'question', questions: [{ key: 'dates', why, choices: ['dmy', 'mdy'], labels: ['3 April', 'March 4'], values_concerned: 214 }] })
    const answers: unknown[] = []
    server.use(
      http.post('*/api/v1/files/:file/answers', async ({ request }) => {
        answers.push(await request.json())
        return HttpResponse.json((world.files[0] = fileOf(1, { columns: [columnOf('Betrag', 'amount')] })))
      }),
    )
    const { user } = renderApp(BOTH)
    expect(await screen.findByText('214 values')).toBeInTheDocument()
    await user.click(within(screen.getByRole('group', { name: why })).getByRole('button', { name: '3 April' }))
    expect(await screen.findByRole('button', { name: 'Run' })).toBeInTheDocument()
    expect(answers).toEqual([{ answers: { dates: 'dmy' } }])
  })

  it('says in one sentence why a file cannot be read', async () => {
    world.files[1] = fileOf(2, { status: 'rejected', name: 'photo.csv', error: 'This is a PNG image, not a table.' })
    const { user } = renderApp(BOTH)
    expect(await screen.findByRole('alert')).toHaveTextContent('This is a PNG image, not a table.')
    expect(screen.queryByRole('button', { name: 'Run' })).not.toBeInTheDocument()
    await user.click(screen.getByRole('button', { name: 'Choose another file' }))
    expect(await screen.findByLabelText('Drop the right file here', { selector: 'input' })).toBeInTheDocument()
  })

  it('runs with the pairs and the sign that a person chose', async () => {
    const { user } = renderApp(BOTH)
    await choose(user, 'Text stands alone: choose its partner', 'customer')
    await choose(user, 'Datum is paired with posted', 'alone')
    expect(screen.getByText('Datum now stands alone.')).toBeInTheDocument()
    await user.click(screen.getByRole('radio', { name: /Turn the sign/ }))
    await user.click(await runButton())
    await waitFor(() => expect(started).toHaveLength(1))
    expect(started[0]?.ruleset_yaml).toContain('- {"field":"text","role":"free_text","left":["Text"],"right":["customer"]}')
    expect(started[0]?.ruleset_yaml).not.toContain('Datum')
    expect(started[0]?.ruleset_yaml).toContain('flip_right_sign: true')
  })

  it('runs with a saved ruleset, which then says what will be done', async () => {
    world.rulesets = [rulesetOf(1, { name: 'Monthly bank', yaml: 'passes: [saved]' })]
    const { user } = renderApp(BOTH)
    await user.selectOptions(await screen.findByLabelText('Ruleset'), 'Monthly bank')
    expect(screen.getByText('reference equal after cleaning and amount equal; one to one; confirm if unique')).toBeVisible()
    await user.click(screen.getByRole('button', { name: 'Run' }))
    await waitFor(() => expect(started[0]?.ruleset_yaml).toBe('passes: [saved]'))
  })

  it('goes back to the proposal', async () => {
    const { user } = renderApp(BOTH)
    await choose(user, 'Text stands alone: choose its partner', 'customer')
    await user.click(screen.getByText('Ruleset as YAML'))
    await user.click(screen.getByRole('button', { name: 'Back to the proposal' }))
    expect(screen.getByRole('button', { name: 'Text stands alone: choose its partner' })).toBeVisible()
  })

  it('pairs two files by hand that have nothing in common, with no hand on the mouse', async () => {
    nothingInCommon()
    const { user } = renderApp(BOTH)
    expect(await screen.findByText(/No column of one file means the same/)).toBeInTheDocument()
    expect(screen.getByRole('button', { name: 'Run' })).toBeDisabled()
    expect(await violationsIn()).toEqual([])
    screen.getByRole('button', { name: 'Betrag stands alone: choose its partner' }).focus()
    await user.keyboard('{ArrowDown}{ArrowDown}')
    await waitFor(() => expect(screen.getByRole('button', { name: 'Text stands alone: choose its partner' })).toHaveFocus())
    await user.keyboard('{Enter}')
    expect(await violationsIn()).toEqual([])
    await user.keyboard('cust{Enter}')
    expect(screen.getByRole('button', { name: 'Text is paired with customer' })).toHaveFocus()
    expect(await screen.findByText('Rules for Text.')).toBeVisible()
    await user.click(await runButton())
    await waitFor(() => expect(started[0]?.ruleset_yaml).toContain('"left":["Text"],"right":["customer"]'))
    expect(started[0]?.ruleset_yaml).toContain('passes:\n- name: For the pairs')
  })

  it('unpairs by a key, from either side', async () => {
    const { user } = renderApp(BOTH)
    const right = within(await screen.findByRole('grid', { name: 'Columns of the right file' }))
    right.getByRole('button', { name: 'amount is paired with Betrag' }).focus()
    await user.keyboard('{Delete}')
    expect(right.getByRole('button', { name: 'amount stands alone: choose its partner' })).toHaveFocus()
    screen.getByRole('button', { name: 'Datum is paired with posted' }).focus()
    await user.keyboard('{Backspace}')
    expect(screen.getByText('No columns are paired. Pair at least one, to have something to compare.', { selector: '[role=alert]' })).toBeVisible()
    expect(screen.getByRole('button', { name: 'Run' })).toBeDisabled()
  })

  it('says why rules for the pairs cannot be proposed, and tries again', async () => {
    nothingInCommon()
    const { user } = renderApp(BOTH)
    await screen.findByText(/No column of one file means the same/)
    server.use(http.post('*/api/v1/projects/:project/proposals', () => problem(503, 'The database does not answer.', 'Not available'), { once: true }))
    await choose(user, 'Text stands alone: choose its partner', 'customer')
    expect(await screen.findByText('The database does not answer.')).toBeVisible()
    await user.click(screen.getByRole('button', { name: 'Try again' }))
    expect(await screen.findByText('Rules for Text.')).toBeVisible()
  })

  it('draws the pairs of a saved ruleset', async () => {
    const fields = [{ name: 'text', role: 'free_text', left: ['Text'], right: ['customer'] }]
    world.rulesets = [rulesetOf(1, { name: 'Monthly bank', yaml: 'passes: [saved]', fields })]
    const { user } = renderApp(BOTH)
    await user.selectOptions(await screen.findByLabelText('Ruleset'), 'Monthly bank')
    expect(screen.getByRole('button', { name: 'Text is paired with customer' })).toBeVisible()
    expect(screen.getByRole('button', { name: 'Datum stands alone: choose its partner' })).toBeVisible()
    await user.selectOptions(screen.getByLabelText('Ruleset'), 'As proposed for these files')
    expect(screen.getByRole('button', { name: 'Datum is paired with posted' })).toBeVisible()
  })

  it('holds two thousand columns, of which those in view exist, and finds any of them', async () => {
    world.files = [1, 2].map((side) => fileOf(side, { columns: Array.from({ length: 2_000 }, (_, place) => columnOf(`c${place}`, 'other')) }))
    const { user } = renderApp(BOTH)
    const left = within(await screen.findByRole('grid', { name: 'Columns of the left file' }))
    expect(screen.getByRole('grid', { name: 'Columns of the left file' })).toHaveAttribute('aria-rowcount', '2000')
    expect(left.getAllByRole('row').length).toBeLessThan(40)
    left.getByRole('button', { name: 'c0: look closer' }).focus()
    await user.keyboard('{End}')
    await waitFor(() => expect(left.getByRole('button', { name: 'c1999: look closer' })).toHaveFocus())
    expect(left.getByRole('row', { name: /c1999/ })).toHaveAttribute('aria-rowindex', '2000')
    await user.type(screen.getByLabelText('Find a column'), 'c1234')
    await waitFor(() => expect(left.getAllByRole('row')).toHaveLength(1))
    await choose(user, 'c1234 stands alone: choose its partner', 'c77')
    expect(left.getByRole('button', { name: 'c1234 is paired with c77' })).toBeVisible()
  })
})

type User = ReturnType<typeof renderApp>['user']

async function choose(user: User, chooser: string, option: string): Promise<void> {
  await user.click((await screen.findAllByRole('button', { name: chooser }))[0] as HTMLElement)
  await user.type(screen.getByRole('combobox', { name: chooser }), option)
  await user.click(screen.getAllByRole('option', { name: new RegExp(`^${option}`) })[0] as HTMLElement)
}

async function runButton(): Promise<HTMLElement> {
  await waitFor(() => expect(screen.getByRole('button', { name: 'Run' })).toBeEnabled())
  return screen.getByRole('button', { name: 'Run' })
}

/** A back end that finds no pairs, and proposes rules for those that it is given. */
function nothingInCommon(): void {
  server.use(
    http.post('*/api/v1/projects/:project/proposals', async ({ request }) => {
      const { fields } = (await request.json()) as ProposalRequest
      if (!fields) return HttpResponse.json(proposalOf({ fields: [], passes: [], yaml: 'columns: []\npasses: []\n' }))
      const pass = { name: 'For the pairs', kind: 'ml', sentence: `Rules for ${fields.flatMap((field) => field.left).join()}.`, document: {} }
      const columns = fields.map((field) => `- ${JSON.stringify(field)}`).join('\n')
      return HttpResponse.json(proposalOf({ fields, passes: [pass], yaml: `columns:\n${columns}\npasses:\n- name: For the pairs\n  kind: ml\n` }))
    }),
  )
}
