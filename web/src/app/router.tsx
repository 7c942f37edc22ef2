import { lazy, Suspense, type ComponentType, type ReactNode } from 'react'
import { matchPath, Outlet, Route, Routes, useLocation } from 'react-router'
import { CrashBoundary } from './CrashBoundary'
import { NotFound } from './NotFound'
import { PageSkeleton } from './PageSkeleton'
import { SessionGate } from './SessionGate'
import { ShellSkeleton } from './shell/ShellSkeleton'

type Module = { default: ComponentType }

/** The pages inside the shell, each a chunk of its own. */
const PAGES: readonly { path: string; load: () => Promise<Module> }[] = [
  { path: '/', load: () => import('@/features/home') },
  { path: '/projects', load: () => import('@/features/projects') },
  { path: '/projects/:projectId', load: () => import('@/features/projects/project') },
  { path: '/projects/:projectId/reconcile', load: () => import('@/features/reconcile') },
  { path: '/jobs/:jobId', load: () => import('@/features/job') },
  { path: '/jobs/:jobId/review', load: () => import('@/features/review') },
  { path: '/jobs/:jobId/compare', load: () => import('@/features/compare') },
  { path: '/jobs/:jobId/exceptions', load: () => import('@/features/exceptions') },
  { path: '/analytics', load: () => import('@/features/analytics') },
  { path: '/settings', load: () => import('@/features/settings') },
]
const ROUTES = PAGES.map(({ path, load }) => ({ path, Page: lazy(load) }))
const loadShell = () => import('./shell/Shell')
const Shell = lazy(loadShell)
const Session = lazy(() => import('@/features/session'))

/** Fetch the page of an address, and what stays around every page, while it is still being found out who is there. */
export function preloadPage(pathname: string): void {
  const page = PAGES.find(({ path }) => matchPath(path, pathname))
  if (!page) return
  // A failure is no news here: the page itself will meet it again and say so.
  for (const load of [loadShell, page.load]) load().catch(() => undefined)
}

/** Every address of the application. */
export function AppRoutes() {
  return (
    <Routes>
      <Route
        path="/sign-in"
        element={
          <Alone>
            <Session />
          </Alone>
        }
      />
      <Route
        element={
          <SessionGate>
            <Suspense fallback={<ShellSkeleton />}>
              <Shell>
                <PageOutlet />
              </Shell>
            </Suspense>
          </SessionGate>
        }
      >
        {ROUTES.map(({ path, Page }) => (
          <Route key={path} path={path} element={<Page />} />
        ))}
        <Route path="*" element={<NotFound />} />
      </Route>
    </Routes>
  )
}

function Alone({ children }: { children: ReactNode }) {
  return (
    <CrashBoundary>
      <Suspense fallback={null}>{children}</Suspense>
    </CrashBoundary>
  )
}

/** A page that crashes takes only itself down, and another address brings a fresh one. */
function PageOutlet() {
  const { pathname } = useLocation()
  return (
    <CrashBoundary key={pathname}>
      <Suspense fallback={<PageSkeleton />}>
        <Outlet />
      </Suspense>
    </CrashBoundary>
  )
}
