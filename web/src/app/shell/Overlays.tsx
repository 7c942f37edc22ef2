import { lazy, Suspense } from 'react'
import { useAppDispatch, useAppSelector } from '@/state'
import { dialogClosed, type ShellDialog } from '@/state/dialogs'

const OVERLAYS = {
  palette: lazy(() => import('./Palette')),
  keys: lazy(() => import('@/components/KeyHelp').then((module) => ({ default: module.KeyHelp }))),
  lounge: lazy(() => import('./Lounge')),
  newProject: lazy(() => import('@/features/projects/NewProject')),
} satisfies Record<ShellDialog, unknown>

/** The overlay that is open now. Each is a chunk that loads when it is first asked for. */
export function Overlays() {
  const open = useAppSelector((state) => state.dialogs.open)
  const dispatch = useAppDispatch()
  if (!open) return null
  const Overlay = OVERLAYS[open]
  return (
    <Suspense fallback={null}>
      <Overlay onClose={() => dispatch(dialogClosed())} />
    </Suspense>
  )
}
