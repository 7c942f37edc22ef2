import { screen, waitFor, within } from '@testing-library/react'
import { http, HttpResponse } from 'msw'
import { createHash } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'

import type { TemplateOut } from '@/api/generated'
import { SIGNED_IN_KEY } from '@/state/session'
import { violationsIn } from '@/test/axe'
import { columnOf, fileOf, projectOf } from '@/test/fixtures'
import { renderApp } from '@/test/renderApp'
import { proposalOf } from '@/test/results'
import { server, world } from '@/test/server'
import { uploadHandlers, uploadOf } from '@/test/uploads'

import { forgetUploads } from './uploadQueue'

const ADDRESS = `/projects/${projectOf(1).id}/reconcile`
const LEFT = `${ADDRESS}?left=${fileOf(1).id}`
const SETTLED = {
  key: 'decimal:Betrag',
  why: "'1,234' in column 'Betrag' may be a thousand or a decimal fraction.",
  choices: ['.', ','],
  labels: ['Decimal point: 1,234 is 1234', 'Decimal comma: 1,234 is 1.234'],
  values_concerned: 3,
  answer: ',',
  answer_label: 'Decimal comma: 1,234 is 1.234',
}
const DROP_LEFT = 'Drop the left file here'

let uploads = uploadHandlers()
const answers: unknown[] = []
const csv = (name: string, text = 'a;b\n1;2\n') => new File([text], name, { type: 'text/csv' })
const dropLeft = () => screen.findByLabelText(DROP_LEFT, { selector: 'input' })

beforeEach(() => {
  localStorage.setItem(SIGNED_IN_KEY, 'yes')
  answers.length = 0
  forgetUploads()
  uploads = uploadHandlers()
  world.projects = [projectOf(1)]
  world.files = [fileOf(1), fileOf(2)]
  server.use(
    http.post('*/api/v1/projects/:project/proposals', () => HttpResponse.json(proposalOf())),
    http.post('*/api/v1/files/:file/answers', async ({ request }) => {
      answers.push(await request.json())
      return HttpResponse.json(world.files[0])
    }),
    ...uploads.handlers,
  )
})

describe('uploads', () => {
  it('keeps all files that were dropped on one side and compares the first', async () => {
    world.files = ['a.csv', 'b.csv', 'c.csv'].map((name, place) => fileOf(place + 4, { name }))
    const { user, address } = renderApp(ADDRESS)
    await user.upload(await dropLeft(), [csv('a.csv'), csv('b.csv'), csv('c.csv')])
    await waitFor(() => expect(address()).toBe(`${ADDRESS}?left=${fileOf(4).id}`))
    await user.click(await screen.findByRole('button', { name: 'Use this one: c.csv' }))
    await waitFor(() => expect(address()).toBe(`${ADDRESS}?left=${fileOf(6).id}`))
    expect(await violationsIn()).toEqual([])
  })

  it('can be compared as one', async () => {
    world.files = ['a.csv', 'b.csv', 'c.csv'].map((name, place) => fileOf(place + 4, { name }))
    const asked: unknown[] = []
    const made_of = ['a.csv', 'b.csv'].map((name, place) => ({ file_id: fileOf(place + 4).id, name, rows: 10, added: 10 - place }))
    server.use(
      http.post('*/api/v1/projects/:id/files/combined', async ({ request }) => {
        asked.push(await request.json())
        const made = fileOf(8, { name: 'a + b + c.arrow', made_of })
        world.files.push(made)
        return HttpResponse.json(made, { status: 201 })
      }),
    )
    const { user, address } = renderApp(ADDRESS)
    await user.upload(await dropLeft(), [csv('a.csv'), csv('b.csv'), csv('c.csv')])
    const button = await screen.findByRole('button', { name: 'Compare these 3 as one' })
    await waitFor(() => expect(button).toBeEnabled())
    await user.click(button)
    await waitFor(() => expect(address()).toBe(`${ADDRESS}?left=${fileOf(8).id}`))
    expect(asked).toEqual([{ file_ids: [4, 5, 6].map((number) => fileOf(number).id) }])
    expect(await screen.findByText('9 of 10 rows; the others stand in a file before it')).toBeInTheDocument()
    expect(screen.queryByRole('button', { name: /^Use this one/ })).not.toBeInTheDocument()
  })

  it('can be paused, go on, and be thrown away', async () => {
    let release = () => {}
    server.use(http.patch('*/api/v1/uploads/:id', () => new Promise<undefined>((resolve) => (release = () => resolve(undefined))), { once: true }))
    const { user } = renderApp(ADDRESS)
    await user.upload(await dropLeft(), csv('bank-2026-01.csv'))
    await user.click(await screen.findByRole('button', { name: 'Pause bank-2026-01.csv' }))
    expect(await screen.findByText(/paused/)).toBeInTheDocument()
    release()
    await user.click(screen.getByRole('button', { name: 'Go on with bank-2026-01.csv' }))
    expect(await screen.findByRole('button', { name: 'Change: bank-2026-01.csv' })).toBeInTheDocument()
  })

  it('throws away what was sent of a cancelled one', async () => {
    server.use(http.patch('*/api/v1/uploads/:id', () => new Promise<undefined>(() => {})))
    const { user } = renderApp(ADDRESS)
    await user.upload(await dropLeft(), csv('bank-2026-01.csv'))
    await waitFor(() => expect(uploads.known.uploads).toHaveLength(1))
    await user.click(await screen.findByRole('button', { name: 'Cancel bank-2026-01.csv' }))
    await waitFor(() => expect(uploads.known.uploads).toEqual([]))
    expect(await dropLeft()).toBeInTheDocument()
  })

  it('goes on after a reload when the same file is chosen again', async () => {
    uploads.known.uploads.push(uploadOf(1, { offset: 4 }))
    const { user, address } = renderApp(ADDRESS)
    expect(await screen.findByText('50% · 4 bytes of 8 bytes')).toBeInTheDocument()
    expect(await violationsIn()).toEqual([])
    await user.upload(screen.getByLabelText('bank-2026-01.csv, once more'), csv('bank-2026-01.csv'))
    await waitFor(() => expect(address()).toContain(`left=${fileOf(1).id}`))
    expect(uploads.known.chunks).toEqual([[4, 4]])
  })

  it('forgets an unfinished one on demand', async () => {
    uploads.known.uploads.push(uploadOf(1, { offset: 4 }))
    const { user } = renderApp(ADDRESS)
    await user.click(await screen.findByRole('button', { name: /Throw away what came in of bank/ }))
    await waitFor(() => expect(screen.queryByText('Unfinished uploads')).not.toBeInTheDocument())
  })

  it('says when the same bytes are here already, and sends nothing', async () => {
    const text = 'a;b\n9;9\n'
    world.files = [fileOf(2, { sha256: createHash('sha256').update(text).digest('hex') })]
    const { user } = renderApp(ADDRESS)
    await user.upload(await dropLeft(), csv('copy.csv', text))
    expect(await screen.findByText(/ledger-2026-01.xlsx is already here since .*, uploaded by Ada Byron. Nothing was stored twice./)).toBeInTheDocument()
    expect(uploads.known.uploads).toEqual([])
  })
})

describe('the two files of a fresh project', () => {
  it('are preselected, the first one left', async () => {
    world.projects = [projectOf(1, { job_count: 0 })]
    world.files = [fileOf(2), fileOf(1)]
    const { address } = renderApp(ADDRESS)
    await waitFor(() => expect(address()).toBe(`${ADDRESS}?left=${fileOf(1).id}&right=${fileOf(2).id}`))
  })
})

describe('what is seen of a file', () => {
  it('shows why its reading can be trusted', async () => {
    world.files[0] = fileOf(1, {
      header_line: 5,
      rows_imported: 1_800,
      rows_rejected: 2,
      rows_skipped: 1,
      evidence: {
        conventions: [
          { kind: 'date_order', column: 'Datum', value: 'dmy' },
          { kind: 'decimal', column: 'Betrag', value: ',' },
          { kind: 'decimal', column: 'Saldo', value: ',' },
          { kind: 'sign', column: null, value: 'amount = Haben − Soll' },
        ],
        proofs: [{ total: '1994787.68', line: 1808, column: 'Betrag' }],
        notes: ['The lines above the header (line 1, 2) are no records.'],
        statements: [{ account: 'DE1', number: '1', currency: 'EUR', opening: '100.00', closing: '70.00', movements: '-30.00', entries: 1, proof: 'holds', difference: null }],
        statements_total: 1,
      },
    })
    renderApp(LEFT)
    expect(await screen.findByText('CSV · semicolon · UTF-8 · header on line 5')).toBeInTheDocument()
    expect(screen.getByText('Betrag, Saldo').parentElement).toHaveTextContent('decimal comma')
    expect(screen.getByText('amount = Haben − Soll')).toBeInTheDocument()
    expect(screen.getByText(/1,994,787.68 on line 1,808 is the sum of/)).toBeInTheDocument()
    expect(screen.getByText('100.00 − 30.00 = 70.00 EUR')).toBeInTheDocument()
    expect(screen.getByText('1,800 taken in + 2 left out + 1 skipped = 1,803 in the file')).toBeInTheDocument()
    expect(await violationsIn()).toEqual([])
  })

  it('names the statement that does not add up', async () => {
    const statement = { account: 'DE1', number: '7/1', currency: 'EUR', opening: '1.00', closing: '2.00', movements: '0.00', entries: 0, proof: 'broken', difference: '1.00' }
    world.files[0] = fileOf(1, { evidence: { conventions: [], proofs: [], notes: [], statements: [statement], statements_total: 1 } })
    renderApp(LEFT)
    expect(await screen.findByText('Statement 7/1 does not add up: 1.00 + 0.00 ≠ 2.00; it is off by 1.00 EUR.')).toBeInTheDocument()
  })

  it('says whose answers were used and lets them be changed', async () => {
    world.files[0] = fileOf(1, { settled: [SETTLED], reused: { template_id: 't', saved_at: '2026-11-03T10:00:00Z', saved_by: 'Ada' } })
    const { user } = renderApp(LEFT)
    expect(await screen.findByText(/Answers of .*3.* by Ada were used/)).toBeInTheDocument()
    await user.click(screen.getByRole('button', { name: /^Change: Betrag/ }))
    await user.click(within(screen.getByRole('group', { name: SETTLED.why })).getByRole('button', { name: 'Decimal point: 1,234 is 1234' }))
    await waitFor(() => expect(answers).toEqual([{ answers: { 'decimal:Betrag': '.' } }]))
  })

  it('takes back a change of a column', async () => {
    const changed = { ...SETTLED, key: 'type:Betrag', choices: [], labels: [], answer: 'text', answer_label: 'text' }
    world.files[0] = fileOf(1, { settled: [changed] })
    const { user } = renderApp(LEFT)
    await user.click(await screen.findByRole('button', { name: 'Take back: Betrag is read as text' }))
    await waitFor(() => expect(answers).toEqual([{ answers: { 'type:Betrag': null } }]))
  })

  it('draws a column and takes a correction', async () => {
    const bins = [
      { low: '0', high: '5', count: 9, is_far: false },
      { low: '5', high: '900', count: 1, is_far: true },
    ]
    world.files[0] = fileOf(1, {
      columns: [columnOf('Betrag', 'amount', { histogram: bins, outliers: 1, outlier_examples: ['900.00'], minimum: '0.00', maximum: '900.00', warnings: ['1 values lie far from the rest.'] })],
    })
    const { user } = renderApp(LEFT)
    await user.click(await screen.findByRole('button', { name: 'Betrag: look closer' }))
    const dialog = await screen.findByRole('dialog', { name: 'Betrag' })
    expect(within(dialog).getByText('far from the rest: 900.00')).toBeInTheDocument()
    expect(await violationsIn()).toEqual([])
    await user.selectOptions(within(dialog).getByLabelText('Meaning'), 'balance')
    await user.click(within(dialog).getByRole('button', { name: 'Apply' }))
    await waitFor(() => expect(answers).toEqual([{ answers: { 'role:Betrag': 'balance' } }]))
    await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument())
  })

  it('lists the rows that were left out, line by line', async () => {
    world.files[0] = fileOf(1, { rows_rejected: 2 })
    const rows = [{ line: 17, reason: "'12,5O' is not an amount.", raw: '=x;12,5O' }]
    server.use(http.get('*/api/v1/files/:id/row-errors', () => HttpResponse.json({ items: rows, next_cursor: null, total: 2 })))
    const { user } = renderApp(LEFT)
    await user.click(await screen.findByRole('button', { name: '2 rows were left out' }))
    expect(await screen.findByText(/'12,5O' is not an amount/)).toBeInTheDocument()
    expect(screen.getByRole('link', { name: /Download as CSV/ })).toHaveAttribute('href', `/api/v1/files/${fileOf(1).id}/row-errors.csv`)
    expect(await violationsIn()).toEqual([])
  })
})

describe('kept answers', () => {
  it('are listed and can be forgotten', async () => {
    const kept: TemplateOut[] = [{ id: 't1', format: 'csv', header: ['Datum', 'Betrag'], settled: [SETTLED], file_name: 'january.csv', used_count: 2, saved_by: 'Ada', saved_at: '2026-11-03T10:00:00Z' }]
    server.use(
      http.get('*/api/v1/projects/:id/templates', () => HttpResponse.json(kept)),
      http.delete('*/api/v1/templates/:id', () => {
        kept.length = 0
        return new HttpResponse(null, { status: 204 })
      }),
    )
    const { user } = renderApp(ADDRESS)
    await user.click(await screen.findByText(/Kept answers/))
    expect(screen.getByText('Betrag: Decimal comma: 1,234 is 1.234')).toBeInTheDocument()
    expect(screen.getByText(/from january.csv, .*Ada · 2 uses since/)).toBeInTheDocument()
    await user.click(screen.getByRole('button', { name: 'Forget the answers from january.csv' }))
    await waitFor(() => expect(screen.queryByText(/Kept answers/)).not.toBeInTheDocument())
  })
})
