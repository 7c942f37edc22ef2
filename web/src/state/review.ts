import { createSlice, type PayloadAction } from '@reduxjs/toolkit'

/** Where a person stands in the review of a job. Kept while moving between pages, one place a job. */
export type ReviewPlace = { cursor: number | null; selected: number[] }
const START: ReviewPlace = { cursor: null, selected: [] }

const slice = createSlice({
  name: 'review',
  initialState: { places: {} as Record<string, ReviewPlace> },
  reducers: {
    cursorMoved: (state, { payload }: PayloadAction<{ jobId: string; matchId: number | null }>) => {
      state.places[payload.jobId] = { ...(state.places[payload.jobId] ?? START), cursor: payload.matchId }
    },
    selectionChanged: (state, { payload }: PayloadAction<{ jobId: string; matchIds: number[] }>) => {
      state.places[payload.jobId] = { ...(state.places[payload.jobId] ?? START), selected: payload.matchIds }
    },
  },
})

export const { cursorMoved, selectionChanged } = slice.actions
export const review = slice.reducer
export const placeOf = (state: { review: ReturnType<typeof review> }, jobId: string): ReviewPlace => state.review.places[jobId] ?? START
