import { configureStore, type Store } from '@reduxjs/toolkit'
import { rootReducer, type RootState } from '@/state'
import { LAST_PROJECT_KEY } from '@/state/lastProject'
import { RAIL_KEY } from '@/state/layout'
import { SIGNED_IN_KEY } from '@/state/session'
import { stored } from '@/lib/stored'
import { THEME_KEY, type Theme } from '@/state/theme'

export function createStore() {
  return configureStore({ reducer: rootReducer, devTools: import.meta.env.DEV })
}

/** Write the few things that outlive the page, and put the theme on the document. Returns the way to stop. */
export function keepPreferences(store: Store<RootState>): () => void {
  let before = store.getState()
  const system = matchMedia('(prefers-color-scheme: dark)')
  const followSystem = () => showTheme(store.getState().theme.chosen, system.matches)
  system.addEventListener('change', followSystem)
  followSystem()
  const stop = store.subscribe(() => {
    const now = store.getState()
    if (now.theme !== before.theme) {
      stored.write(THEME_KEY, now.theme.chosen)
      showTheme(now.theme.chosen, system.matches)
    }
    if (now.session !== before.session) stored.write(SIGNED_IN_KEY, now.session.status === 'signedIn' ? 'yes' : 'no')
    if (now.layout !== before.layout) stored.write(RAIL_KEY, now.layout.isRailCollapsed ? 'collapsed' : 'open')
    if (now.lastProject !== before.lastProject) stored.write(LAST_PROJECT_KEY, now.lastProject.id ?? '')
    before = now
  })
  return () => {
    stop()
    system.removeEventListener('change', followSystem)
  }
}

function showTheme(chosen: Theme, isSystemDark: boolean): void {
  const shown = chosen === 'system' ? (isSystemDark ? 'dark' : 'light') : chosen
  document.documentElement.dataset.theme = shown
  const ground = getComputedStyle(document.documentElement).getPropertyValue('--canvas').trim()
  document.querySelector('meta[name="theme-color"]')?.setAttribute('content', ground)
}
