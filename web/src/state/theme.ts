import { createSlice, type PayloadAction } from '@reduxjs/toolkit'
import { stored } from '@/lib/stored'

export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

/** Written as it is, without quotes: `public/theme.js` reads it before the first paint. */
export const THEME_KEY = 'recon378.theme'

const isTheme = (value: string | null): value is Theme => THEMES.some((theme) => theme === value)
const initial = stored.read(THEME_KEY)

const slice = createSlice({
  name: 'theme',
  initialState: { chosen: isTheme(initial) ? initial : ('system' as Theme) },
  reducers: {
    themeChosen: (state, { payload }: PayloadAction<Theme>) => {
      state.chosen = payload
    },
  },
})

export const { themeChosen } = slice.actions
export const theme = slice.reducer
