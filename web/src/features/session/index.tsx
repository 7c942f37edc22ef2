import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Navigate, useSearchParams } from 'react-router'
import { sessionQuery, setupQuery } from '@/api/session'
import { ErrorState } from '@/components/ErrorState'
import { Mark } from '@/components/Mark'
import { usePlace } from '@/components/place'
import { Skeleton } from '@/components/Skeleton'
import { useAppSelector } from '@/state'
import { SessionForm } from './SessionForm'
import { text } from './text'

/** The way in: sign in, or create an account; the first one on a new platform becomes its administrator. */
export default function SessionPage() {
  const [parameters] = useSearchParams()
  const status = useAppSelector((state) => state.session.status)
  const setup = useQuery(setupQuery())
  const session = useQuery({ ...sessionQuery(), enabled: status === 'unknown' })
  const [wantsSignUp, setWantsSignUp] = useState(false)
  const isFirst = setup.data?.has_users === false
  const isSignUp = isFirst || wantsSignUp
  usePlace({ title: isSignUp ? text.signUp : text.signIn })

  if (status === 'signedIn' || (status === 'unknown' && session.data)) return <Navigate to={destination(parameters)} replace />
  return (
    <div className="grid min-h-full desktop:grid-cols-[1fr_1.1fr]">
      <main className="flex items-center justify-center px-6 py-12">
        <div className="w-full max-w-sm">
          <Mark sizePixels={36} />
          <h1 className="mt-6 text-28 font-semibold">{isFirst ? text.firstTitle : isSignUp ? text.newTitle : text.welcome}</h1>
          {isFirst && <p className="mt-1 text-14 text-muted">{text.firstHint}</p>}
          {status === 'expired' && (
            <p role="status" className="mt-4 rounded-md bg-suggested-soft px-3 py-2 text-13 text-suggested">
              {text.expired}
            </p>
          )}
          {setup.isPending && <FormSkeleton />}
          {setup.error && <ErrorState title={text.unreachable} error={setup.error} onRetry={() => void setup.refetch()} />}
          {setup.data && (
            <>
              <SessionForm isSignUp={isSignUp} />
              {!isFirst && (
                <OtherWay isOpen={setup.data.sign_up_open} isSignUp={isSignUp} onSwitch={() => setWantsSignUp(!wantsSignUp)} />
              )}
            </>
          )}
        </div>
      </main>
      <Picture />
    </div>
  )
}

function OtherWay({ isOpen, isSignUp, onSwitch }: { isOpen: boolean; isSignUp: boolean; onSwitch: () => void }) {
  if (!isOpen) return <p className="mt-6 text-13 text-muted">{text.closed}</p>
  return (
    <p className="mt-6 text-13 text-muted">
      {isSignUp ? text.toSignIn : text.toSignUp}{' '}
      <button type="button" onClick={onSwitch} className="rounded-sm font-medium text-accent underline-offset-2 hover:underline">
        {isSignUp ? text.signIn : text.signUp}
      </button>
    </p>
  )
}

function FormSkeleton() {
  return (
    <div className="mt-6 flex flex-col gap-4">
      <Skeleton className="h-9 w-full" />
      <Skeleton className="h-9 w-full" />
      <Skeleton className="h-10 w-full" />
    </div>
  )
}

/** What the product does, drawn: lines of two lists that find each other, one that does not. */
function Picture() {
  const rows = [40, 84, 128, 172, 216, 260]
  const pairs: [number, number, 'matched' | 'suggested'][] = [
    [0, 1, 'matched'],
    [1, 0, 'matched'],
    [2, 2, 'matched'],
    [3, 4, 'suggested'],
    [5, 5, 'matched'],
  ]
  const stroke = { matched: 'stroke-matched-solid', suggested: 'stroke-suggested-solid' }
  const y = (index: number) => rows[index] ?? 0
  return (
    <aside className="hidden flex-col justify-center gap-10 border-l border-line bg-surface px-16 desktop:flex">
      <svg aria-hidden viewBox="0 0 480 300" className="w-full max-w-xl">
        {rows.map((top, index) => (
          <g key={top}>
            <rect x="0" y={top - 15} width="168" height="30" rx="6" className={index === 4 ? 'fill-open-soft stroke-open-solid' : 'fill-canvas stroke-line'} />
            <rect x="14" y={top - 3} width={48 + ((index * 37) % 40)} height="6" rx="3" className="fill-line-strong" />
            <rect x={128 - ((index * 13) % 20)} y={top - 3} width={28 + ((index * 13) % 20)} height="6" rx="3" className="fill-line-strong" />
            <rect x="312" y={top - 15} width="168" height="30" rx="6" className={index === 3 ? 'fill-open-soft stroke-open-solid' : 'fill-canvas stroke-line'} />
            <rect x="326" y={top - 3} width={44 + ((index * 29) % 44)} height="6" rx="3" className="fill-line-strong" />
            <rect x={440 - ((index * 17) % 20)} y={top - 3} width={28 + ((index * 17) % 20)} height="6" rx="3" className="fill-line-strong" />
          </g>
        ))}
        {pairs.map(([left, right, meaning]) => (
          <path
            key={`${left}-${right}`}
            d={`M168 ${y(left)}C240 ${y(left)} 240 ${y(right)} 312 ${y(right)}`}
            className={stroke[meaning]}
            fill="none"
            strokeWidth="2"
            strokeDasharray={meaning === 'suggested' ? '5 5' : undefined}
          />
        ))}
      </svg>
      <p className="max-w-md text-20 font-medium text-soft">{text.promise}</p>
    </aside>
  )
}

/** Only an address inside this application: a link in a mail must not lead elsewhere. */
export function destination(parameters: URLSearchParams): string {
  const next = parameters.get('next') ?? '/'
  return /^\/(?![/\\])/.test(next) && !next.startsWith('/sign-in') ? next : '/'
}
