import { queryOptions } from '@tanstack/react-query'
import { client, rememberSession, unwrap } from './client'
import type { ProfileChange, SessionOut, SignIn, SignUp } from './generated'

export const setupQuery = () =>
  queryOptions({ queryKey: ['setup'], queryFn: ({ signal }) => unwrap(client.GET('/api/v1/auth/setup', { signal })) })

export const sessionQuery = () =>
  queryOptions({
    queryKey: ['session'],
    queryFn: async ({ signal }) => remembered(await unwrap(client.GET('/api/v1/auth/session', { signal }))),
    staleTime: Infinity,
    retry: false,
  })

export const signIn = async (body: SignIn) => remembered(await unwrap(client.POST('/api/v1/auth/sign-in', { body })))
export const signUp = async (body: SignUp) => remembered(await unwrap(client.POST('/api/v1/auth/sign-up', { body })))
export const changeProfile = (body: ProfileChange) => unwrap(client.PATCH('/api/v1/me', { body }))

const leavers = new Set<() => void>()

/** Call `listener` when the person signs out: nothing of theirs may stay for the next one at this browser. */
export function onSignOut(listener: () => void): void {
  leavers.add(listener)
}

export async function signOut(): Promise<void> {
  await unwrap(client.POST('/api/v1/auth/sign-out'))
  rememberSession(null)
  leavers.forEach((leave) => leave())
}

function remembered(session: SessionOut): SessionOut {
  rememberSession(session)
  return session
}
