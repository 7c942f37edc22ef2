import { createSlice, type PayloadAction } from '@reduxjs/toolkit'
import { stored } from '@/lib/stored'

export const LAST_PROJECT_KEY = 'recon378.lastProject'

const slice = createSlice({
  name: 'lastProject',
  initialState: { id: stored.read(LAST_PROJECT_KEY) },
  reducers: {
    projectVisited: (state, { payload }: PayloadAction<string>) => {
      state.id = payload
    },
    projectForgotten: (state) => {
      state.id = null
    },
  },
})

export const { projectVisited, projectForgotten } = slice.actions
export const lastProject = slice.reducer
