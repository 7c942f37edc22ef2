import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { http, HttpResponse } from 'msw'
import { beforeEach, describe, expect, it } from 'vitest'

import type { JobOut } from '@/api/generated'
import { SIGNED_IN_KEY } from '@/state/session'
import { violationsIn } from '@/test/axe'
import { jobOf, rulesetOf } from '@/test/fixtures'
import { renderApp } from '@/test/renderApp'
import { budgetOf, bulkOf, calibrationOf, finishedJob, summaryOf } from '@/test/results'
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

  it('says how many decisions are missing until the confidence is calibrated', async () => {
    show({})
    const told = await screen.findByRole('region', { name: 'Calibration' })
    expect(told).toHaveTextContent(/^Uncalibrated\. The confidence is the model’s own estimate\. 48 more decisions about one record with one \(12 so far\)/)
    expect(within(told).getByRole('link', { name: 'Decide the most informative first' })).toHaveAttribute('href', `/jobs/${jobOf(1).id}/review?status=all&sort=informative`)
    expect(within(told).queryByRole('button')).not.toBeInTheDocument()
  })

  it('shows the interval of what the confidence was worth, and runs again to learn from more', async () => {
    const curve = [{ confidence: 0.95, low: 0.88, high: 0.99, labels: 34 }]
    const calibration = calibrationOf({ state: 'calibrated', labels: 213, labels_next: 230, curve, sentence: 'calibrated on 213 labels' })
    server.use(http.get('*/api/v1/jobs/:job/summary', () => HttpResponse.json(summaryOf({ calibration }))))
    show({})
    const told = await screen.findByRole('region', { name: 'Calibration' })
    expect(told).toHaveTextContent('Calibrated: learned from 213 decisions')
    expect(within(told).getByRole('row', { name: '0.95 88% to 99% 34' })).toBeInTheDocument()
    expect(within(told).getByRole('button', { name: 'Run again, learning from 230' })).toBeInTheDocument()
    expect(await violationsIn()).toEqual([])
  })

  it('does not ask for decisions that its passes cannot learn from', async () => {
    const calibration = calibrationOf({ learns: false, labels: 0, labels_next: 0, sentence: 'uncalibrated: no pass learns from labels' })
    server.use(http.get('*/api/v1/jobs/:job/summary', () => HttpResponse.json(summaryOf({ calibration }))))
    show({})
    expect(await screen.findByRole('region', { name: 'Calibration' })).toHaveTextContent('do not learn from decisions')
  })

  it('leads to a comparison with an earlier job', async () => {
    const { user, address } = show({})
    await user.click(await screen.findByRole('button', { name: 'More' }))
    await user.click(screen.getByRole('menuitem', { name: 'Compare with an earlier job' }))
    await waitFor(() => expect(address()).toBe(`/jobs/${jobOf(1).id}/compare`))
    expect(await screen.findByText('There is no earlier job over the same records')).toBeInTheDocument()
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

describe('an error budget', () => {
  const api = (path: string) => `*/api/v1/jobs/:job${path}`
  const card = () => screen.findByRole('region', { name: 'Confirm within an error budget' })

  it('says what is missing while too few are reviewed', async () => {
    show({})
    expect(await screen.findByText('Not yet: at least 48 more decisions.')).toBeInTheDocument()
    expect(await card()).toHaveTextContent('12 of 60 reviewed, 0 wrong')
    expect(within(await card()).queryByRole('button', { name: /^Confirm/ })).not.toBeInTheDocument()
  })

  it('confirms what the reviewed ones prove as one action, and takes it back', async () => {
    const asked: unknown[] = []
    let budget = budgetOf({ state: 'met', reviewed: 90, threshold: 0.93, wrong_share_max: 0.041, matches: 41, amounts: { EUR: '8400.00' }, left: 77 })
    server.use(
      http.get(api('/error-budget'), ({ request }) => HttpResponse.json({ ...budget, wrong_share: Number(new URL(request.url).searchParams.get('wrong_share')) })),
      http.post(api('/confirmations'), async ({ request }) => {
        asked.push(await request.json())
        budget = budgetOf({ left: 77, confirmed: [bulkOf()] })
        return HttpResponse.json(bulkOf(), { status: 201 })
      }),
      http.post(api('/confirmations/:bulk/undo'), () => {
        const undone = bulkOf({ undone_at: '2026-02-03T11:00:00Z', undone_by: 'Bo Berg' })
        budget = budgetOf({ confirmed: [undone] })
        return HttpResponse.json({ bulk: undone, reopened: 41 })
      }),
    )
    const { user } = show({})
    expect(await screen.findByText('41 suggestions can be confirmed')).toBeInTheDocument()
    expect(await card()).toHaveTextContent('From confidence 0.93 on at most 4.1% are wrong, by 90 reviewed suggestions, 0 of them wrong.')
    await user.selectOptions(screen.getByRole('combobox', { name: /until at most/ }), '2%')
    await user.click(await screen.findByRole('button', { name: 'Confirm 41 matches' }))
    await waitFor(() => expect(asked).toEqual([{ wrong_share: 0.02, matches: 41 }]))
    const made = await screen.findByRole('list', { name: 'Confirmed within an error budget' })
    expect(made).toHaveTextContent('41 matches confirmed by Ada Byron: at most 5% wrong, from 0.93 on')
    expect(await violationsIn()).toEqual([])
    await user.click(within(made).getByRole('button', { name: 'Undo' }))
    expect(await screen.findByText(/taken back by Bo Berg/)).toBeInTheDocument()
  })

  it('is honest where too many were wrong', async () => {
    server.use(http.get(api('/error-budget'), () => HttpResponse.json(budgetOf({ state: 'not_met', reviewed: 400, wrong: 60, needed: 380, waiting: 3 }))))
    show({})
    expect(await screen.findByText(/60 of 400 reviewed/)).toBeInTheDocument()
    expect(await card()).toHaveTextContent('3 decisions do not count yet')
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
