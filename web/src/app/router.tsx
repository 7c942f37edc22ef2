import { lazy, Suspense, type ComponentType } from 'react'
import { Outlet, Route, Routes, useLocation } from 'react-router'
import { CrashBoundary } from './CrashBoundary'
import { NotFound } from './NotFound'
import { PageSkeleton } from './PageSkeleton'
import { SessionGate } from './SessionGate'
import { Shell } from './shell/Shell'

type Module = { default: ComponentType }
const page = (load: () => Promise<Module>) => {
  const Lazy = lazy(load)
  return <Lazy />
}

const home = page(() => import('@/features/home'))
const session = page(() => import('@/features/session'))
const projects = page(() => import('@/features/projects'))
const project = page(() => import('@/features/projects/project'))
const reconcile = page(() => import('@/features/reconcile'))
const job = page(() => import('@/features/job'))
const review = page(() => import('@/features/review'))
const exceptions = page(() => import('@/features/exceptions'))
const analytics = page(() => import('@/features/analytics'))
const settings = page(() => import('@/features/settings'))

/** Every address of the application. Each page is a chunk of its own. */
export function AppRoutes() {
  return (
    <Routes>
      <Route path="/sign-in" element={<Alone>{session}</Alone>} />
      <Route
        element={
          <SessionGate>
            <Shell>
              <PageOutlet />
            </Shell>
          </SessionGate>
        }
      >
        <Route index element={home} />
        <Route path="/projects" element={projects} />
        <Route path="/projects/:projectId" element={project} />
        <Route path="/projects/:projectId/reconcile" element={reconcile} />
        <Route path="/jobs/:jobId" element={job} />
        <Route path="/jobs/:jobId/review" element={review} />
        <Route path="/jobs/:jobId/exceptions" element={exceptions} />
        <Route path="/analytics" element={analytics} />
        <Route path="/settings" element={settings} />
        <Route path="*" element={<NotFound />} />
      </Route>
    </Routes>
  )
}

function Alone({ children }: { children: React.ReactNode }) {
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
