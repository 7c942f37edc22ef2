import { combineReducers } from '@reduxjs/toolkit'
import { useDispatch, useSelector } from 'react-redux'
import { connection } from './connection'
import { dialogs } from './dialogs'
import { lastProject } from './lastProject'
import { layout } from './layout'
import { review } from './review'
import { session } from './session'
import { theme } from './theme'
import { undo } from './undo'

/** What only this browser knows. What the server knows is in TanStack Query and never here. */
export const rootReducer = combineReducers({ connection, dialogs, lastProject, layout, review, session, theme, undo })

export type RootState = ReturnType<typeof rootReducer>
export const useAppSelector = useSelector.withTypes<RootState>()
export const useAppDispatch = useDispatch
