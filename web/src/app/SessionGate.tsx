import { useQuery } from '@tanstack/react-query'
import { useEffect, type ReactNode } from 'react'
import { Navigate, useLocation } from 'react-router'
import { ApiError } from '@/api/errors'
import { useLiveUser } from '@/api/live'
import { sessionQuery } from '@/api/session'
import { ErrorState } from '@/components/ErrorState'
import { useAppDispatch, useAppSelector } from '@/state'
import { sessionChanged } from '@/state/session'
import { ShellSkeleton } from './shell/ShellSkeleton'

/** Lets signed-in people through; sends others to sign in and brings them back to where they wanted to go. */
export function SessionGate({ children }: { children: ReactNode }) {
  const { pathname, search } = useLocation()
  const dispatch = useAppDispatch()
  const status = useAppSelector((state) => state.session.status)
  const isSignedOut = status === 'expired' || status === 'signedOut' || status === 'left'
  const { data, error, refetch } = useQuery({ ...sessionQuery(), enabled: !isSignedOut })
  const isRefused = error instanceof ApiError && error.status === 401

  useEffect(() => {
    if (status !== 'unknown') return
    if (data) dispatch(sessionChanged('signedIn'))
    else if (isRefused) dispatch(sessionChanged('signedOut'))
  }, [data, isRefused, status, dispatch])
  useLiveUser(status === 'signedIn')

  if (status === 'left') return <Navigate to="/sign-in" replace />
  if (isSignedOut) return <Navigate to={`/sign-in?next=${encodeURIComponent(pathname + search)}`} replace />
  if (error && !data) {
    return (
      <main className="flex h-full items-center justify-center">
        <ErrorState error={error} onRetry={() => void refetch()} />
      </main>
    )
  }
  return data ? children : <ShellSkeleton />
}
