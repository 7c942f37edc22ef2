import { createSlice, type PayloadAction } from '@reduxjs/toolkit'
import { stored } from '@/lib/stored'

/** Whether somebody is signed in; who it is, the server knows: see `sessionQuery`. `left`: signed out by their own hand; `expired`: the session ended while they worked. */
export type SessionStatus = 'unknown' | 'signedIn' | 'signedOut' | 'left' | 'expired'

/**
 * That somebody signed in here and did not sign out. The session itself is in cookies that no script can see: this only
 * spares those who never signed in a question whose answer is no.
 */
export const SIGNED_IN_KEY = 'recon378.signedIn'

const slice = createSlice({
  name: 'session',
  initialState: (): { status: SessionStatus } => ({ status: stored.read(SIGNED_IN_KEY) === 'yes' ? 'unknown' : 'signedOut' }),
  reducers: {
    sessionChanged: (state, { payload }: PayloadAction<SessionStatus>) => {
      state.status = payload
    },
  },
})

export const { sessionChanged } = slice.actions
export const session = slice.reducer
