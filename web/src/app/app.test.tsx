import { screen, waitFor, within } from '@testing-library/react'
import { http, HttpResponse } from 'msw'
import { beforeEach, describe, expect, it } from 'vitest'
import { SIGNED_IN_KEY } from '@/state/session'
import { violationsIn } from '@/test/axe'
import { jobOf, overviewOf, projectOf, sessionOf } from '@/test/fixtures'
import { renderApp } from '@/test/renderApp'
import { problem, server, world } from '@/test/server'

const api = (path: string) => `*/api/v1${path}`
const heading = (name: string | RegExp) => screen.findByRole('heading', { level: 1, name })

beforeEach(() => localStorage.setItem(SIGNED_IN_KEY, 'yes'))

describe('the way in', () => {
  it('sends a stranger to sign in without asking the server who it is, and back to where they wanted to go', async () => {
    localStorage.clear()
    world.projects = [projectOf(1, { name: 'House bank' })]
    let asked = 0
    server.use(
      http.get(api('/auth/session'), () => {
        asked += 1
        return world.session ? HttpResponse.json(world.session) : problem(401, 'Sign in first.')
      }),
    )
    const { user, address } = renderApp('/projects')
    await heading('Welcome back')
    expect(address()).toBe('/sign-in?next=%2Fprojects')
    expect(asked).toBe(0)
    await user.type(await screen.findByLabelText('Email'), 'ada@example.org')
    await user.type(screen.getByLabelText('Password'), 'correct horse battery')
    await user.click(screen.getByRole('button', { name: 'Sign in' }))
    await heading('Projects')
    expect(address()).toBe('/projects')
  })

  it('says why the sign-in failed', async () => {
    world.session = null
    server.use(http.post(api('/auth/sign-in'), () => problem(401, 'Email or password is wrong.')))
    const { user } = renderApp('/sign-in')
    await user.type(await screen.findByLabelText('Email'), 'ada@example.org')
    await user.type(screen.getByLabelText('Password'), 'x')
    await user.click(screen.getByRole('button', { name: 'Sign in' }))
    expect(await screen.findByRole('alert')).toHaveTextContent('Email or password is wrong.')
  })

  it('lets the first person set the platform up, with a password that is long enough', async () => {
    world.session = null
    world.hasUsers = false
    const { user } = renderApp('/sign-in')
    await heading('Set up your platform')
    await user.type(await screen.findByLabelText('Name'), 'Ada Byron')
    await user.type(screen.getByLabelText('Email'), 'ada@example.org')
    await user.type(screen.getByLabelText('Password'), 'too short')
    await user.click(screen.getByRole('button', { name: 'Create account' }))
    expect(screen.getByRole('alert')).toHaveTextContent('3 more characters needed.')
    expect(await violationsIn()).toEqual([])
    await user.type(screen.getByLabelText('Password'), ' no more')
    await user.click(screen.getByRole('button', { name: 'Create account' }))
    await heading('New reconciliation')
  })

  it('leads nowhere outside of the application', async () => {
    const { address } = renderApp('/sign-in?next=//evil.example')
    await heading('New reconciliation')
    expect(address()).toBe('/')
  })

  it('says that the session has ended when it has, and keeps the place', async () => {
    world.overview = overviewOf({ recent: [jobOf(1)] })
    const { user, address } = renderApp('/')
    await heading(/Ada/)
    server.use(http.get(api('/projects'), () => problem(401, 'The session has ended.')))
    await user.click(screen.getByRole('link', { name: 'Projects' }))
    expect(await screen.findByText(/Your session has ended/)).toBeVisible()
    expect(address()).toBe('/sign-in?next=%2Fprojects')
  })

  it('lets people out', async () => {
    const { user, address } = renderApp('/settings')
    await user.click(await screen.findByRole('button', { name: 'Account: Ada Byron' }))
    await user.click(screen.getByRole('menuitem', { name: 'Sign out' }))
    await heading('Welcome back')
    expect(world.session).toBeNull()
    expect(address()).toBe('/sign-in')
    expect(localStorage.getItem(SIGNED_IN_KEY)).not.toBe('yes')
  })

  it('says so when the platform does not answer', async () => {
    server.use(http.get(api('/auth/session'), () => HttpResponse.error()))
    const { user } = renderApp('/settings')
    expect(await screen.findByRole('alert')).toHaveTextContent('The server cannot be reached.')
    server.use(http.get(api('/auth/session'), () => HttpResponse.json(sessionOf())))
    await user.click(screen.getByRole('button', { name: 'Try again' }))
    await heading('Settings')
  })
})

describe('the shell', () => {
  it('leads everywhere by keys', async () => {
    const { user, address } = renderApp('/settings')
    await heading('Settings')
    await user.keyboard('gp')
    await heading('Projects')
    expect(address()).toBe('/projects')
    await user.keyboard('ga')
    await heading('Analytics')
  })

  it('finds a project by the palette, and leaves nothing behind', async () => {
    world.projects = [projectOf(1, { name: 'House bank' }), projectOf(2, { name: 'Stripe payouts' })]
    const { user, address } = renderApp('/settings')
    await heading('Settings')
    await user.keyboard('{Control>}k{/Control}')
    const palette = await screen.findByRole('dialog', { name: 'Commands' })
    await user.keyboard('stri')
    await within(palette).findByRole('option', { name: 'Stripe payouts' })
    expect(await violationsIn(palette)).toEqual([])
    await user.keyboard('{Enter}')
    await heading('Stripe payouts')
    expect(address()).toBe(`/projects/${projectOf(2).id}`)
    expect(screen.queryByRole('dialog')).not.toBeInTheDocument()
  })

  it('shows the keys of the page', async () => {
    const { user } = renderApp('/settings')
    await heading('Settings')
    await user.keyboard('?')
    const help = await screen.findByRole('dialog', { name: 'Keys of this page' })
    expect(within(help).getByText('Open the lounge')).toBeVisible()
  })

  it('shows who waits in the lounge, in which place, and cancels', async () => {
    world.jobs = [
      jobOf(1, { status: 'running', name: 'February', eta_seconds: 34, progress: { sequence: 1, stage: 'compare', fraction: 0.62, done: 62, total: 100, message: '' } }),
      jobOf(2, { status: 'queued', name: 'Payouts', position: 2, eta_seconds: 95 }),
    ]
    const cancelled: string[] = []
    server.use(
      http.post(api('/jobs/:id/cancel'), ({ params }) => {
        cancelled.push(String(params.id))
        return HttpResponse.json(jobOf(2, { status: 'cancelled' }))
      }),
    )
    const { user } = renderApp('/settings')
    await user.click(await screen.findByRole('button', { name: /Lounge 2/ }))
    const lounge = await screen.findByRole('dialog', { name: 'Lounge' })
    expect(await within(lounge).findByText(/62% · Comparing · about/)).toBeVisible()
    expect(within(lounge).getByText(/Place 2 · starts in about/)).toBeVisible()
    expect(await violationsIn(lounge)).toEqual([])
    await user.click(within(lounge).getByRole('button', { name: 'Cancel: Payouts' }))
    expect(await screen.findByText('“Payouts” is cancelled.')).toBeVisible()
    expect(cancelled).toEqual([jobOf(2).id])
  })

  it('makes a project from any page', async () => {
    server.use(
      http.post(api('/projects'), async ({ request }) => {
        const body = (await request.json()) as { name: string }
        const made = projectOf(7, { name: body.name, file_count: 0, job_count: 0 })
        world.projects = [made]
        return HttpResponse.json(made, { status: 201 })
      }),
    )
    const { user, address } = renderApp('/settings')
    await heading('Settings')
    await user.keyboard('{Control>}k{/Control}')
    await user.click(await screen.findByRole('option', { name: 'New project' }))
    await user.type(await screen.findByLabelText('Name', { selector: 'dialog input' }), 'Card fees')
    await user.click(screen.getByRole('button', { name: 'Create project' }))
    await heading('Card fees')
    expect(address()).toBe(`/projects/${projectOf(7).id}`)
  })

  it('changes the theme and keeps it', async () => {
    const { user, store } = renderApp('/settings')
    await user.click(await screen.findByLabelText('Dark'))
    expect(store.getState().theme.chosen).toBe('dark')
  })

  it('says that there is no page at an unknown address', async () => {
    renderApp('/nowhere')
    await heading('There is no page here')
    expect(screen.getByRole('link', { name: 'Go to Home' })).toHaveAttribute('href', '/')
    await waitFor(() => expect(document.title).toBe('There is no page here · 378'))
  })
})
