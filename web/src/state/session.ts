import { createSlice, type PayloadAction } from '@reduxjs/toolkit'

/** Whether somebody is signed in. Who it is, the server knows: see `sessionQuery`. */
export type SessionStatus = 'unknown' | 'signedIn' | 'signedOut' | 'expired'

const slice = createSlice({
  name: 'session',
  initialState: { status: 'unknown' as SessionStatus },
  reducers: {
    sessionChanged: (state, { payload }: PayloadAction<SessionStatus>) => {
      state.status = payload
    },
  },
})

export const { sessionChanged } = slice.actions
export const session = slice.reducer
