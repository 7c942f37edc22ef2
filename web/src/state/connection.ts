import { createSlice, type PayloadAction } from '@reduxjs/toolkit'

/** What we know of the way to the server: the socket's state and the browser's own word. */
export type SocketState = 'idle' | 'connecting' | 'online' | 'offline'

const slice = createSlice({
  name: 'connection',
  initialState: { socket: 'idle' as SocketState, isBrowserOnline: true },
  reducers: {
    socketChanged: (state, { payload }: PayloadAction<SocketState>) => {
      state.socket = payload
    },
    browserOnlineChanged: (state, { payload }: PayloadAction<boolean>) => {
      state.isBrowserOnline = payload
    },
  },
})

export const { socketChanged, browserOnlineChanged } = slice.actions
export const connection = slice.reducer
