import { createSlice } from '@reduxjs/toolkit'
import { stored } from '@/lib/stored'

export const RAIL_KEY = 'recon378.rail'

const slice = createSlice({
  name: 'layout',
  initialState: { isRailCollapsed: stored.read(RAIL_KEY) === 'collapsed' },
  reducers: {
    railToggled: (state) => {
      state.isRailCollapsed = !state.isRailCollapsed
    },
  },
})

export const { railToggled } = slice.actions
export const layout = slice.reducer
