import { RefreshCw, TriangleAlert, WifiOff } from 'lucide-react'
import { ApiError, OfflineError } from '@/api/errors'
import { Button, ButtonLink } from './Button'
import { text } from './text'

/** What happened, where, what to do; and the number under which the server's log has it. With `isPage` it is all that the page has to say. */
export function ErrorState({ error, onRetry, title, isPage = false }: { error: unknown; onRetry?: () => void; title?: string; isPage?: boolean }) {
  const Heading = isPage ? 'h1' : 'h2'
  // What is not there will not be there at the next try either.
  const isGone = isPage && error instanceof ApiError && error.status === 404
  const isOffline = error instanceof OfflineError
  const Icon = isOffline ? WifiOff : TriangleAlert
  const heading = title ?? (isOffline ? text.offlineTitle : error instanceof ApiError ? error.problem.title : text.errorTitle)
  return (
    <div role="alert" className="flex flex-col items-center gap-2 px-6 py-12 text-center">
      <div className="mb-1 flex size-10 items-center justify-center rounded-md bg-conflict-soft text-conflict">
        <Icon aria-hidden size={20} strokeWidth={1.5} />
      </div>
      <Heading className={isPage ? 'text-16 font-semibold' : 'text-14 font-semibold'}>{heading}</Heading>
      <p className="max-w-lg text-13 text-soft">{messageOf(error)}</p>
      {error instanceof ApiError && error.requestId && (
        <p className="text-12 text-muted">
          {text.requestId} <code className="font-mono select-all">{error.requestId}</code>
        </p>
      )}
      {isGone && (
        <ButtonLink to="/projects" className="mt-3">
          {text.toProjects}
        </ButtonLink>
      )}
      {onRetry && !isGone && (
        <Button icon={RefreshCw} onClick={onRetry} className="mt-3">
          {text.retry}
        </Button>
      )}
    </div>
  )
}

/** The same in one line, for a form or a card. */
export function ErrorLine({ error }: { error: unknown }) {
  if (!error) return null
  return (
    <p role="alert" className="flex items-start gap-2 rounded-md bg-conflict-soft px-3 py-2 text-13 text-conflict">
      <TriangleAlert aria-hidden size={16} className="mt-0.5 shrink-0" />
      <span className="min-w-0 break-words">{messageOf(error)}</span>
    </p>
  )
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
