import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { http, HttpResponse } from 'msw'
import { beforeEach, describe, expect, it } from 'vitest'

import type { JobOut } from '@/api/generated'
import { SIGNED_IN_KEY } from '@/state/session'
import { violationsIn } from '@/test/axe'
import { jobOf, rulesetOf } from '@/test/fixtures'
import { renderApp } from '@/test/renderApp'
import { finishedJob, summaryOf } from '@/test/results'
import { server, world } from '@/test/server'

const heading = (name: string) => screen.findByRole('heading', { level: 1, name })

function show(part: Partial<JobOut>) {
  world.jobs = [jobOf(1, part)]
  return renderApp(`/jobs/${jobOf(1).id}`)
}

beforeEach(() => {
  localStorage.setItem(SIGNED_IN_KEY, 'yes')
  server.use(...finishedJob({ matches: [] }).handlers)
})

describe('a job that waits', () => {
  it('says its place and when it starts, and can be cancelled', async () => {
    const { user } = show({ status: 'queued', position: 3, eta_seconds: 130 })
    expect(await screen.findByText('Place 3 in the queue')).toBeInTheDocument()
    expect(screen.getByText(/starts in about 2.min 10.s/)).toBeInTheDocument()
    server.use(http.post('*/api/v1/jobs/:job/cancel', () => HttpResponse.json((world.jobs[0] = jobOf(1, { status: 'cancelled' })))))
    await user.click(screen.getByRole('button', { name: 'Cancel' }))
    expect(await screen.findByText('The job was cancelled')).toBeInTheDocument()
  })
})

describe('a job that runs', () => {
  it('shows the stage, its counts and the time left', async () => {
    show({ status: 'running', eta_seconds: 74, progress: { sequence: 4, stage: 'compare', fraction: 0.52, done: 1_200, total: 3_700, message: 'Comparing pairs' } })
    await heading('January 1')
    expect(screen.getByRole('progressbar', { name: 'Running' })).toHaveAttribute('aria-valuenow', '52')
    expect(screen.getByText('1,200 / 3,700')).toBeInTheDocument()
    expect(screen.getByText(/about 1.min 14.s left/)).toBeInTheDocument()
    expect(screen.getByText('Compare').closest('li')).toHaveAttribute('aria-current', 'step')
    expect(await violationsIn()).toEqual([])
  })
})

describe('a job that failed', () => {
  it('says what happened and runs again as a new job', async () => {
    const { user, address } = show({ status: 'failed', error: 'Ruleset line 12: there is no column "refs".' })
    expect(await screen.findByRole('alert')).toHaveTextContent('Ruleset line 12: there is no column "refs".')
    server.use(
      http.post('*/api/v1/jobs/:job/rerun', () => {
        const fresh = jobOf(2, { status: 'queued', position: 1 })
        world.jobs.push(fresh)
        return HttpResponse.json(fresh, { status: 202 })
      }),
    )
    await user.click(screen.getByRole('button', { name: 'Run again' }))
    await waitFor(() => expect(address()).toBe(`/jobs/${jobOf(2).id}`))
    expect(await screen.findByText('Next to run')).toBeInTheDocument()
  })
})

describe('a finished job', () => {
  it('proves that nothing was lost', async () => {
    show({})
    expect(await screen.findByText('Nothing lost: both sides add up to the cent.')).toBeInTheDocument()
    expect(screen.getAllByText(/1,204,331\.20/)[0]?.closest('li')).toHaveTextContent(
      'Left EUR in 1,204,331.20 = matched 1,170,930.00 + suggested 23,400.12 + open 9,800.08 + excluded 201.00',
    )
    expect(await violationsIn()).toEqual([])
  })

  it('is loud when the sides do not add up', async () => {
    const [left, right] = summaryOf().sides
    if (!left || !right) throw new Error('Both sides are there.')
    const broken = { ...left, sums: { ...left.sums, open: '9800.07' } }
    server.use(http.get('*/api/v1/jobs/:job/summary', () => HttpResponse.json(summaryOf({ sides: [broken, right] }))))
    show({})
    expect(await screen.findByText(/The sides do not add up/)).toBeInTheDocument()
    expect(screen.getByText(/off by 0\.01/)).toBeInTheDocument()
  })

  it('tells how many matches above a threshold are expected wrong', async () => {
    show({})
    const slider = await screen.findByRole('slider', { name: 'Threshold' })
    fireEvent.change(slider, { target: { value: '0.6' } })
    expect(screen.getByText(/4,310 matches at or above/)).toBeInTheDocument()
    expect(screen.getByRole('link', { name: 'Review what is below' })).toHaveAttribute('href', expect.stringContaining('confidence_max=0.6'))
  })

  it('leads to review, exceptions and downloads', async () => {
    show({})
    expect(await screen.findByRole('link', { name: 'Review (118)' })).toBeInTheDocument()
    expect(screen.getByRole('link', { name: 'Exceptions (96)' })).toBeInTheDocument()
    const downloads = await screen.findByRole('navigation', { name: 'Downloads' })
    expect(within(downloads).getByRole('link', { name: 'Workbook' })).toHaveAttribute('href', `/api/v1/jobs/${jobOf(1).id}/downloads/report.xlsx`)
    expect(within(downloads).getAllByRole('link')).toHaveLength(4)
    expect(await screen.findByRole('link', { name: /Amount difference.*30/ })).toHaveAttribute('href', expect.stringContaining('side=left&type=amount_difference'))
  })
})

describe('a job that has ended', () => {
  it('keeps its ruleset under a name for the next files', async () => {
    const saved: unknown[] = []
    server.use(
      http.post('*/api/v1/projects/:project/rulesets', async ({ request }) => {
        saved.push(await request.json())
        return HttpResponse.json(rulesetOf(1, { name: 'Monthly bank' }), { status: 201 })
      }),
    )
    const { user } = show({ status: 'done' })
    await user.click(await screen.findByText('Ruleset'))
    await user.click(screen.getByRole('button', { name: 'Save as ruleset' }))
    const form = screen.getByRole('dialog', { name: 'Save as ruleset' })
    await user.type(within(form).getByLabelText('Name'), 'Monthly bank')
    await user.click(within(form).getByRole('button', { name: 'Save' }))
    expect(await screen.findByText('“Monthly bank” is saved.')).toBeVisible()
    expect(saved).toEqual([{ name: 'Monthly bank', yaml: summaryOf().ruleset_yaml }])
  })

  it('is deleted only after a question', async () => {
    let deleted = 0
    server.use(
      http.delete('*/api/v1/jobs/:job', () => {
        deleted += 1
        return new HttpResponse(null, { status: 204 })
      }),
    )
    const { user, address } = show({ status: 'done' })
    await user.click(await screen.findByRole('button', { name: 'More' }))
    await user.click(screen.getByRole('menuitem', { name: 'Delete job' }))
    expect(deleted).toBe(0)
    await user.click(within(screen.getByRole('dialog', { name: 'Delete “January 1”?' })).getByRole('button', { name: 'Delete job' }))
    await waitFor(() => expect(address()).toContain('?tab=jobs'))
    expect(deleted).toBe(1)
  })
})
