import { createSlice, type PayloadAction } from '@reduxjs/toolkit'

/** The overlays of the shell; at most one is open. */
export type ShellDialog = 'palette' | 'keys' | 'lounge' | 'newProject'

const slice = createSlice({
  name: 'dialogs',
  initialState: { open: null as ShellDialog | null },
  reducers: {
    dialogOpened: (state, { payload }: PayloadAction<ShellDialog>) => {
      state.open = payload
    },
    dialogClosed: (state) => {
      state.open = null
    },
  },
})

export const { dialogOpened, dialogClosed } = slice.actions
export const dialogs = slice.reducer
