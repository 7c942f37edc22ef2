import { http, HttpResponse, ws } from 'msw'
import { setupServer } from 'msw/node'
import type { FileOut, JobOut, MemberOut, Overview, ProjectOut, RulesetOut, SessionOut } from '@/api/generated'
import { memberOf, overviewOf, sessionOf } from './fixtures'

/** What the back end knows in a test. Change it before rendering. */
export type World = {
  session: SessionOut | null
  hasUsers: boolean
  overview: Overview
  projects: ProjectOut[]
  files: FileOut[]
  jobs: JobOut[]
  rulesets: RulesetOut[]
  members: MemberOut[]
}

export const newWorld = (): World => ({
  session: sessionOf(),
  hasUsers: true,
  overview: overviewOf(),
  projects: [],
  files: [],
  jobs: [],
  rulesets: [],
  members: [memberOf(1, { name: 'Ada Byron', email: 'ada@example.org', role: 'owner' })],
})

export let world = newWorld()
export function resetWorld(): void {
  world = newWorld()
}

export const problem = (status: number, detail: string, title = 'Not possible') =>
  HttpResponse.json({ title, status, detail, request_id: 'req-1' }, { status, headers: { 'Content-Type': 'application/problem+json' } })

const page = <Item>(items: Item[]) => HttpResponse.json({ items, next_cursor: null, total: items.length })
const found = <Item>(item: Item | undefined) => (item ? HttpResponse.json(item as object) : problem(404, 'There is no such thing.', 'Not found'))
const api = (path: string) => `*/api/v1${path}`

/** A socket that opens and says nothing. What ours does with messages is tested by itself. */
const quietSocket = ws.link('ws://localhost/api/v1/ws').addEventListener('connection', () => undefined)

export const handlers = [
  quietSocket,
  http.get(api('/auth/setup'), () => HttpResponse.json({ has_users: world.hasUsers, sign_up_open: true })),
  http.get(api('/auth/session'), () => (world.session ? HttpResponse.json(world.session) : problem(401, 'Sign in first.', 'Not signed in'))),
  http.post(api('/auth/refresh'), () => problem(401, 'Sign in first.', 'Not signed in')),
  http.post(api('/auth/sign-in'), () => HttpResponse.json((world.session = sessionOf()))),
  http.post(api('/auth/sign-up'), () => HttpResponse.json((world.session = sessionOf()), { status: 201 })),
  http.post(api('/auth/sign-out'), () => {
    world.session = null
    return new HttpResponse(null, { status: 204 })
  }),
  http.get(api('/analytics/overview'), () => HttpResponse.json(world.overview)),
  http.get(api('/projects'), () => page(world.projects)),
  http.get(api('/projects/:id'), ({ params }) => found(world.projects.find((one) => one.id === params.id))),
  http.get(api('/projects/:id/files'), ({ request }) => {
    const sha256 = new URL(request.url).searchParams.get('sha256')
    return page(world.files.filter((file) => sha256 === null || file.sha256 === sha256))
  }),
  http.get(api('/projects/:id/uploads'), () => HttpResponse.json([])),
  http.get(api('/projects/:id/templates'), () => HttpResponse.json([])),
  http.get(api('/projects/:id/jobs'), () => page(world.jobs)),
  http.get(api('/projects/:id/rulesets'), () => page(world.rulesets)),
  http.get(api('/projects/:id/members'), () => HttpResponse.json(world.members)),
  http.get(api('/files/:id'), ({ params }) => found(world.files.find((one) => one.id === params.id))),
  http.get(api('/jobs'), ({ request }) => page(world.jobs.filter((one) => one.status === new URL(request.url).searchParams.get('status')))),
  http.get(api('/jobs/:id'), ({ params }) => found(world.jobs.find((one) => one.id === params.id))),
]

export const server = setupServer(...handlers)
