import type { Store } from '@reduxjs/toolkit'
import { onlineManager, type QueryClient } from '@tanstack/react-query'
import { onSessionLost } from '@/api/client'
import { socket } from '@/api/socket'
import type { RootState } from '@/state'
import { browserOnlineChanged, socketChanged } from '@/state/connection'
import { sessionChanged } from '@/state/session'

/** Carry what happens outside of React into the store: the socket's state, the network, the end of the session. */
export function connectOutside(store: Store<RootState>, queries: QueryClient): void {
  socket.onState((state) => {
    const before = store.getState().connection.socket
    store.dispatch(socketChanged(state))
    // What was missed beyond the server's memory is read again.
    if (before === 'offline' && state === 'online') void queries.invalidateQueries({ refetchType: 'active', stale: true })
  })
  onSessionLost(() => {
    if (store.getState().session.status === 'signedIn') store.dispatch(sessionChanged('expired'))
  })
  onlineManager.subscribe((isOnline) => {
    store.dispatch(browserOnlineChanged(isOnline))
    if (isOnline) socket.reconnect()
  })
}
