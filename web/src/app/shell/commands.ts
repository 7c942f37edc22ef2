import { ArrowLeftRight, ChartNoAxesColumn, FolderKanban, House, Keyboard, PanelLeft, Plus, Search, Settings, Sofa, SunMoon } from 'lucide-react'
import type { NavigateFunction } from 'react-router'
import type { Dispatch } from '@reduxjs/toolkit'
import { command } from '@/lib/commands'
import { dialogOpened } from '@/state/dialogs'
import { railToggled } from '@/state/layout'
import { themeChosen } from '@/state/theme'
import { text } from '../text'

export type ShellContext = { navigate: NavigateFunction; dispatch: Dispatch; projectId: string | null }

const go = (id: string, label: string, key: string, icon: typeof House, to: string) =>
  command<ShellContext>({ id: `go.${id}`, label, key, icon, group: text.groupGo, run: ({ navigate }) => void navigate(to) })

export const goHome = go('home', text.goHome, 'g h', House, '/')
export const goProjects = go('projects', text.goProjects, 'g p', FolderKanban, '/projects')
export const goAnalytics = go('analytics', text.goAnalytics, 'g a', ChartNoAxesColumn, '/analytics')
export const goSettings = go('settings', text.goSettings, 'g s', Settings, '/settings')

export const newReconciliation = command<ShellContext>({
  id: 'reconcile.new',
  label: text.reconcile,
  key: 'g r',
  icon: ArrowLeftRight,
  group: text.groupGo,
  run: ({ navigate, projectId }) => void navigate(projectId ? `/projects/${projectId}/reconcile` : '/projects'),
})
export const newProject = command<ShellContext>({
  id: 'project.new',
  label: text.newProject,
  icon: Plus,
  group: text.groupApp,
  run: ({ dispatch }) => dispatch(dialogOpened('newProject')),
})
export const openPalette = command<ShellContext>({
  id: 'palette.open',
  label: text.palette,
  key: 'mod+k',
  icon: Search,
  group: text.groupApp,
  run: ({ dispatch }) => dispatch(dialogOpened('palette')),
})
export const openKeys = command<ShellContext>({
  id: 'keys.open',
  label: text.keys,
  key: '?',
  icon: Keyboard,
  group: text.groupApp,
  run: ({ dispatch }) => dispatch(dialogOpened('keys')),
})
export const openLounge = command<ShellContext>({
  id: 'lounge.open',
  label: text.loungeOpen,
  key: 'l',
  icon: Sofa,
  group: text.groupApp,
  run: ({ dispatch }) => dispatch(dialogOpened('lounge')),
})
export const toggleRail = command<ShellContext>({
  id: 'rail.toggle',
  label: text.toggleRail,
  key: 'mod+b',
  icon: PanelLeft,
  group: text.groupApp,
  run: ({ dispatch }) => dispatch(railToggled()),
})
export const switchTheme = command<ShellContext>({
  id: 'theme.switch',
  label: text.themeNext,
  icon: SunMoon,
  group: text.groupApp,
  run: ({ dispatch }) => dispatch(themeChosen(document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark')),
})

export const SHELL_COMMANDS = [
  openPalette,
  openKeys,
  openLounge,
  newProject,
  switchTheme,
  toggleRail,
  goHome,
  goProjects,
  newReconciliation,
  goAnalytics,
  goSettings,
] as const
