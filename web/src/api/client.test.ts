import { http, HttpResponse } from 'msw'
import { describe, expect, it, vi } from 'vitest'
import { sessionOf } from '@/test/fixtures'
import { problem, server } from '@/test/server'
import { client, onSessionLost, rememberSession, unwrap } from './client'
import { ApiError, OfflineError } from './errors'

const api = (path: string) => `*/api/v1${path}`
const projects = () => unwrap(client.GET('/api/v1/projects'))
const page = () => HttpResponse.json({ items: [], next_cursor: null, total: 0 })

describe('the client', () => {
  it('shows the token of the session with every write and with no read', async () => {
    const tokens: (string | null)[] = []
    server.use(
      http.post(api('/projects'), ({ request }) => {
        tokens.push(request.headers.get('X-CSRF-Token'))
        return HttpResponse.json({}, { status: 201 })
      }),
      http.get(api('/projects'), ({ request }) => {
        tokens.push(request.headers.get('X-CSRF-Token'))
        return page()
      }),
    )
    rememberSession(sessionOf({ csrf_token: 'secret' }))
    await client.POST('/api/v1/projects', { body: { name: 'A', description: '' } })
    await projects()
    expect(tokens).toEqual(['secret', null])
  })

  it('renews the session once for many requests that were refused, and sends them again', async () => {
    let renewals = 0
    let isRenewed = false
    server.use(
      http.post(api('/auth/refresh'), () => {
        renewals += 1
        isRenewed = true
        return HttpResponse.json(sessionOf({ csrf_token: 'fresh' }))
      }),
      http.get(api('/projects'), () => (isRenewed ? page() : problem(401, 'The session has ended.'))),
    )
    const answers = await Promise.all([projects(), projects(), projects()])
    expect(answers).toHaveLength(3)
    expect(renewals).toBe(1)
  })

  it('renews a session that is over before it asks for anything', async () => {
    const asked: string[] = []
    server.use(
      http.post(api('/auth/refresh'), () => {
        asked.push('refresh')
        return HttpResponse.json(sessionOf())
      }),
      http.get(api('/projects'), () => {
        asked.push('projects')
        return page()
      }),
    )
    rememberSession(sessionOf({ expires_at: new Date(Date.now() + 60_000).toISOString() }))
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 120_000 })
    await projects()
    vi.useRealTimers()
    expect(asked).toEqual(['refresh', 'projects'])
  })

  it('sends the new token with a write that had to be sent again', async () => {
    const tokens: (string | null)[] = []
    server.use(
      http.post(api('/auth/refresh'), () => HttpResponse.json(sessionOf({ csrf_token: 'fresh' }))),
      http.post(api('/projects'), async ({ request }) => {
        tokens.push(request.headers.get('X-CSRF-Token'))
        return tokens.length === 1 ? problem(401, 'The session has ended.') : HttpResponse.json(await request.json(), { status: 201 })
      }),
    )
    rememberSession(sessionOf({ csrf_token: 'stale' }))
    const made = await unwrap(client.POST('/api/v1/projects', { body: { name: 'A', description: 'b' } }))
    expect(made).toMatchObject({ name: 'A', description: 'b' })
    expect(tokens).toEqual(['stale', 'fresh'])
  })

  it('tells that the session is lost when it cannot be renewed', async () => {
    server.use(http.get(api('/projects'), () => problem(401, 'The session has ended.')))
    let lost = 0
    const stop = onSessionLost(() => (lost += 1))
    await expect(projects()).rejects.toMatchObject({ status: 401 })
    stop()
    expect(lost).toBe(1)
  })

  it('throws the problem with its sentence, its members and the number of the request', async () => {
    server.use(http.get(api('/projects'), () => HttpResponse.json({ title: 'Conflict', status: 409, detail: 'Decided by Grace.', request_id: 'req-9', winner: 'grace' }, { status: 409 })))
    const error = await projects().catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(ApiError)
    expect(error).toMatchObject({ message: 'Decided by Grace.', requestId: 'req-9', problem: { winner: 'grace' } })
  })

  it('puts an answer that is no problem document into words', async () => {
    server.use(http.get(api('/projects'), () => new HttpResponse('<html>', { status: 502, headers: { 'X-Request-ID': 'edge-1' } })))
    await expect(projects()).rejects.toMatchObject({ status: 502, requestId: 'edge-1', message: expect.stringContaining('502') as string })
  })

  it('says that the server cannot be reached when it cannot', async () => {
    server.use(http.get(api('/projects'), () => HttpResponse.error()))
    await expect(projects()).rejects.toBeInstanceOf(OfflineError)
  })
})
