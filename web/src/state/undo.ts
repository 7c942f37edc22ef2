import { createSlice, type PayloadAction } from '@reduxjs/toolkit'

/** A decision that can be taken back. The server keeps the truth (`decisionsQuery`); this is the order in which this browser made them. */
export type Undoable = { jobId: string; matchId: number; decisionId: string; sentence: string }
const DEPTH_MAX = 200

const slice = createSlice({
  name: 'undo',
  initialState: { stack: [] as Undoable[] },
  reducers: {
    undoablePushed: (state, { payload }: PayloadAction<Undoable>) => {
      state.stack = [...state.stack.slice(1 - DEPTH_MAX), payload]
    },
    undoableTaken: (state, { payload }: PayloadAction<string>) => {
      state.stack = state.stack.filter((one) => one.decisionId !== payload)
    },
  },
})

export const { undoablePushed, undoableTaken } = slice.actions
export const undo = slice.reducer
export const lastUndoable = (state: { undo: ReturnType<typeof undo> }, jobId: string): Undoable | undefined =>
  state.undo.stack.findLast((one) => one.jobId === jobId)
