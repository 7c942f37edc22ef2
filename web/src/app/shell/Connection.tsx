import { WifiOff } from 'lucide-react'
import { classes } from '@/lib/classes'
import { useAppSelector } from '@/state'
import { text } from '../text'

function useConnection(): 'online' | 'connecting' | 'offline' {
  const { socket, isBrowserOnline } = useAppSelector((state) => state.connection)
  if (!isBrowserOnline || socket === 'offline') return 'offline'
  return socket === 'online' || socket === 'idle' ? 'online' : 'connecting'
}

const DOTS = { online: 'bg-matched-solid', connecting: 'bg-suggested-solid', offline: 'bg-conflict-solid' }

/** Whether what is on the screen is live. */
export function Connection() {
  const state = useConnection()
  return (
    <span role="status" title={text[state]} className="flex h-8 items-center gap-1.5 px-1.5 text-12 text-muted">
      <span aria-hidden className={classes('size-2 rounded-full', DOTS[state])} />
      <span className={state === 'online' ? 'sr-only' : 'max-tablet:sr-only'}>{text[state]}</span>
    </span>
  )
}

/** Said once and plainly while there is no connection. */
export function OfflineLine() {
  const { isBrowserOnline } = useAppSelector((state) => state.connection)
  if (isBrowserOnline) return null
  return (
    <p role="status" className="flex shrink-0 items-center gap-2 border-b border-line bg-suggested-soft px-4 py-1.5 text-13 text-suggested">
      <WifiOff aria-hidden size={14} />
      {text.offlineHint}
    </p>
  )
}
