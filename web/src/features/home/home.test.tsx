import { screen, within } from '@testing-library/react'
import { http, HttpResponse } from 'msw'
import { beforeEach, describe, expect, it } from 'vitest'
import { takeHandedOverFiles } from '@/lib/droppedFiles'
import { SIGNED_IN_KEY } from '@/state/session'
import { violationsIn } from '@/test/axe'
import { jobOf, overviewOf, projectOf } from '@/test/fixtures'
import { renderApp } from '@/test/renderApp'
import { problem, server, world } from '@/test/server'

const api = (path: string) => `*/api/v1${path}`

beforeEach(() => localStorage.setItem(SIGNED_IN_KEY, 'yes'))

describe('Home', () => {
  it('is one place to drop two files on, at the first visit', async () => {
    const { user } = renderApp('/')
    expect(await screen.findByText('Drop two files here')).toBeVisible()
    expect(await violationsIn()).toEqual([])
    server.use(http.post(api('/projects/demo'), () => HttpResponse.json((world.projects = [projectOf(3, { name: 'Demo' })])[0], { status: 201 })))
    await user.click(screen.getByRole('button', { name: 'Open the demo project' }))
    await screen.findByRole('heading', { level: 1, name: 'Demo' })
  })

  it('takes dropped files into a new reconciliation', async () => {
    server.use(http.post(api('/projects'), () => HttpResponse.json(projectOf(4), { status: 201 })))
    server.use(http.get(api('/projects/:id'), () => new Promise<never>(() => undefined)))
    const { user, address } = renderApp('/')
    const files = [new File(['a'], 'bank.csv'), new File(['b'], 'ledger.csv')]
    await user.upload(await screen.findByLabelText('Drop files here or choose them'), files)
    await expect.poll(address).toBe(`/projects/${projectOf(4).id}/reconcile`)
    takeHandedOverFiles()
  })

  it('shows what waits, what runs and what came out last', async () => {
    const done = jobOf(1, { name: 'January', suggested: 118 })
    world.overview = overviewOf({
      waiting_suggestions: 118,
      projects: 2,
      to_review: [done],
      running: [jobOf(2, { name: 'February', status: 'running', progress: { sequence: 1, stage: 'compare', fraction: 0.62, done: 1, total: 2, message: '' } })],
      recent: [done, jobOf(3, { name: 'December', status: 'failed', error: 'The left file has no amounts.' })],
      trend: [
        { job_id: jobOf(9).id, job_name: 'November', finished_at: '2025-12-01T00:00:00Z', match_rate_rows: 0.9, auto_match_rate_rows: 0.8 },
        { job_id: done.id, job_name: 'January', finished_at: '2026-02-02T00:00:00Z', match_rate_rows: 0.957, auto_match_rate_rows: 0.93 },
      ],
    })
    renderApp('/')
    expect(await screen.findByText('118 suggestions wait for a decision in 1 job.')).toBeVisible()
    expect(within(screen.getByRole('region', { name: 'To review' })).getByRole('link', { name: /January/ })).toHaveAttribute('href', `/jobs/${done.id}/review`)
    expect(screen.getByRole('progressbar', { name: 'February' })).toHaveAttribute('aria-valuenow', '62')
    expect(screen.getByText('The left file has no amounts.')).toBeVisible()
    expect(screen.getByRole('img', { name: /from 90.0% to 95.7%/ })).toBeVisible()
    expect(await violationsIn()).toEqual([])
  })

  it('says what happened when it cannot be loaded, and tries again', async () => {
    server.use(http.get(api('/analytics/overview'), () => problem(503, 'The database is being upgraded. Try again in a minute.', 'Not available')))
    const { user } = renderApp('/')
    expect(await screen.findByRole('alert')).toHaveTextContent('The database is being upgraded.')
    expect(screen.getByText('req-1')).toBeVisible()
    server.resetHandlers()
    await user.click(screen.getByRole('button', { name: 'Try again' }))
    expect(await screen.findByText('Drop two files here')).toBeVisible()
  })
})
