import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useNavigate } from 'react-router'
import { sessionQuery } from '@/api/session'
import { useCurrentPlace } from '@/components/place'
import { Toaster } from '@/components/Toaster'
import { useCommands, useKeyboard } from '@/lib/commands'
import { useAppDispatch, useAppSelector } from '@/state'
import { text } from '../text'
import { OfflineLine } from './Connection'
import { SHELL_COMMANDS } from './commands'
import { Overlays } from './Overlays'
import { Rail } from './Rail'
import { TopBar } from './TopBar'

/** What stays around every page: rail, top bar, overlays, toasts and the keys. */
export default function Shell({ children }: { children: ReactNode }) {
  const navigate = useNavigate()
  const dispatch = useAppDispatch()
  const { project } = useCurrentPlace()
  const lastProjectId = useAppSelector((state) => state.lastProject.id)
  const { data: session } = useQuery(sessionQuery())
  const context = { navigate, dispatch, projectId: project?.id ?? (lastProjectId || null) }
  useKeyboard()
  useCommands(SHELL_COMMANDS, context, true)
  return (
    <div className="flex h-full flex-col-reverse tablet:flex-row">
      <a href="#page" className="sr-only z-50 rounded-md bg-accent-fill px-3 py-2 text-on-fill focus:not-sr-only focus:fixed focus:top-2 focus:left-2">
        {text.skip}
      </a>
      <Rail context={context} />
      <div className="flex min-h-0 min-w-0 flex-1 flex-col">
        <TopBar context={context} user={session?.user} />
        <OfflineLine />
        <main id="page" tabIndex={-1} className="min-h-0 flex-1 overflow-auto outline-none">
          {children}
        </main>
      </div>
      <Overlays />
      <Toaster />
    </div>
  )
}
