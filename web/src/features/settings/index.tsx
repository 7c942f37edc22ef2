import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import type { UserOut } from '@/api/generated'
import { changeProfile, sessionQuery } from '@/api/session'
import { Button } from '@/components/Button'
import { Card } from '@/components/Card'
import { ErrorLine } from '@/components/ErrorState'
import { Input } from '@/components/Field'
import { Page } from '@/components/Page'
import { usePlace } from '@/components/place'
import { showToast } from '@/components/toast'
import { formatDate } from '@/lib/format'
import { Appearance } from './Appearance'
import { text } from './text'

export default function SettingsPage() {
  usePlace({ title: text.title })
  const { data: session } = useQuery(sessionQuery())
  return (
    <Page title={text.title} isNarrow>
      {session && <Profile key={session.user.id} user={session.user} />}
      <Appearance />
    </Page>
  )
}

function Profile({ user }: { user: UserOut }) {
  const queries = useQueryClient()
  const change = useMutation({
    mutationFn: changeProfile,
    onSuccess: (changed) => {
      queries.setQueryData(sessionQuery().queryKey, (session) => session && { ...session, user: changed })
      showToast(text.saved, { tone: 'success' })
    },
  })
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    change.mutate({ name: String(new FormData(event.currentTarget).get('name')).trim() })
  }
  return (
    <Card title={text.profile}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Input label={text.name} name="name" required maxLength={120} defaultValue={user.name} autoComplete="name" hint={text.nameHint} />
        <Input label={text.email} value={user.email} readOnly disabled />
        <p className="text-12 text-muted">
          {text.memberSince} {formatDate(user.created_at)}. {user.is_administrator && text.administrator}
        </p>
        <ErrorLine error={change.error} />
        <div>
          <Button type="submit" tone="primary" isBusy={change.isPending}>
            {text.save}
          </Button>
        </div>
      </form>
    </Card>
  )
}
