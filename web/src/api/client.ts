import createClient from 'openapi-fetch'
import { stored } from '@/lib/stored'
import { ApiError, OfflineError, problemOf } from './errors'
import type { paths, SessionOut } from './generated'

const WRITES = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])
const UNAUTHENTICATED = ['/api/v1/auth/sign-in', '/api/v1/auth/sign-up', '/api/v1/auth/setup', '/api/v1/auth/refresh', '/api/v1/auth/sign-out']

const ACCESS_UNTIL_KEY = 'recon378.accessUntil'
const CLOCK_DOUBT_MILLISECONDS = 30_000

let csrfToken = ''
let refreshing: Promise<boolean> | undefined
const sessionLost = new Set<() => void>()

/** Keep the token that every write must show (in memory only) and until when the access lasts. Both come with each session answer. */
export function rememberSession(session: SessionOut | null): void {
  csrfToken = session?.csrf_token ?? ''
  const until = session ? Date.parse(session.expires_at) : 0
  // A clock that runs far ahead of the server's would call every access over; it then waits for the server to say so.
  stored.write(ACCESS_UNTIL_KEY, String(until - Date.now() > CLOCK_DOUBT_MILLISECONDS ? until : 0))
}

/** Whether the access has surely run out, so that asking with it would only earn a refusal. */
function isAccessOver(): boolean {
  const until = Number(stored.read(ACCESS_UNTIL_KEY) ?? 0)
  return until > 0 && Date.now() > until
}

/** Call `listener` when the session has ended and could not be renewed. */
export function onSessionLost(listener: () => void): () => void {
  sessionLost.add(listener)
  return () => sessionLost.delete(listener)
}

/** Add the CSRF header where the request changes something. */
export function sealed(request: Request): Request {
  if (WRITES.has(request.method) && csrfToken) request.headers.set('X-CSRF-Token', csrfToken)
  return request
}

async function reach(request: Request): Promise<Response> {
  try {
    return await fetch(sealed(request))
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new OfflineError('The server cannot be reached. Check the connection; the page tries again by itself.')
  }
}

/** Renew the session; callers that come at once share one renewal, because a refresh token counts only once. */
export function refreshSession(): Promise<boolean> {
  refreshing ??= renew().finally(() => {
    refreshing = undefined
  })
  return refreshing
}

async function renew(): Promise<boolean> {
  const response = await reach(new Request(new URL('/api/v1/auth/refresh', location.origin), { method: 'POST' }))
  if (!response.ok) {
    rememberSession(null)
    return false
  }
  rememberSession((await response.json()) as SessionOut)
  return true
}

/** Send; where the access is over or the answer is 401, renew the session once and send again. */
export async function send(request: Request): Promise<Response> {
  if (UNAUTHENTICATED.includes(new URL(request.url).pathname)) return reach(request)
  if (isAccessOver()) await refreshSession()
  const again = request.clone()
  const response = await reach(request)
  if (response.status !== 401) return response
  if (await refreshSession()) return reach(again)
  sessionLost.forEach((listener) => listener())
  return response
}

export const client = createClient<paths>({
  baseUrl: typeof location === 'undefined' ? 'http://localhost' : location.origin,
  credentials: 'same-origin',
  fetch: send,
})

type Answer<Data> = { data?: Data; error?: unknown; response: Response }

/** The data of an answer; throws ApiError where there is none. */
export async function unwrap<Data>(answer: Promise<Answer<Data>>): Promise<Data> {
  const { data, error, response } = await answer
  if (!response.ok) throw new ApiError(problemOf(response, error))
  // An answer without content (204) has no data by contract; its type says so already.
  return data as Data
}
