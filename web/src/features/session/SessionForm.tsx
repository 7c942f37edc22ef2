import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { sessionQuery, signIn, signUp } from '@/api/session'
import { Button } from '@/components/Button'
import { ErrorLine } from '@/components/ErrorState'
import { Input } from '@/components/Field'
import { useAppDispatch } from '@/state'
import { sessionChanged } from '@/state/session'
import { text } from './text'

const PASSWORD_LENGTH_MIN = 12

/** Email and password; a new account also has a name. A success is seen by the page, which leads on. */
export function SessionForm({ isSignUp }: { isSignUp: boolean }) {
  const queries = useQueryClient()
  const dispatch = useAppDispatch()
  const [shortBy, setShortBy] = useState(0)
  const enter = useMutation({
    mutationFn: ({ email, name, password }: { email: string; name: string; password: string }) =>
      isSignUp ? signUp({ email, name, password }) : signIn({ email, password }),
    onSuccess: (session) => {
      queries.setQueryData(sessionQuery().queryKey, session)
      dispatch(sessionChanged('signedIn'))
    },
  })

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const value = (name: string) => String(form.get(name) ?? '')
    const missing = isSignUp ? PASSWORD_LENGTH_MIN - value('password').length : 0
    setShortBy(Math.max(0, missing))
    if (missing <= 0) enter.mutate({ email: value('email').trim(), name: value('name').trim(), password: value('password') })
  }
  return (
    <form onSubmit={submit} className="mt-6 flex flex-col gap-4">
      {/* The page is opened in order to type here. */}
      {/* eslint-disable jsx-a11y/no-autofocus */}
      {isSignUp && <Input label={text.name} name="name" required maxLength={120} autoComplete="name" autoFocus />}
      <Input label={text.email} name="email" type="email" required autoComplete="username" inputMode="email" autoFocus={!isSignUp} />
      {/* eslint-enable jsx-a11y/no-autofocus */}
      <Input
        key={isSignUp ? 'new' : 'known'}
        label={text.password}
        name="password"
        type="password"
        required
        autoComplete={isSignUp ? 'new-password' : 'current-password'}
        hint={isSignUp ? text.passwordHint : undefined}
        error={shortBy > 0 ? text.passwordShort(shortBy) : null}
      />
      <ErrorLine error={enter.error} />
      <Button type="submit" tone="primary" size="large" isBusy={enter.isPending} className="mt-1">
        {isSignUp ? text.signUp : text.signIn}
      </Button>
    </form>
  )
}
