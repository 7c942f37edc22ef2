import { ArrowLeftRight, ChartNoAxesColumn, FolderKanban, House, PanelLeftClose, PanelLeftOpen, Settings, Sofa, type LucideIcon } from 'lucide-react'
import { useQuery } from '@tanstack/react-query'
import { NavLink, useLocation } from 'react-router'
import { loungeQuery } from '@/api/jobs'
import { Kbd } from '@/components/Kbd'
import { Tooltip } from '@/components/Tooltip'
import { classes } from '@/lib/classes'
import { ariaKey } from '@/lib/commands'
import { formatCount } from '@/lib/format'
import { useAppDispatch, useAppSelector } from '@/state'
import { dialogOpened } from '@/state/dialogs'
import { railToggled } from '@/state/layout'
import { text } from '../text'
import { goAnalytics, goHome, goProjects, goSettings, newReconciliation, openLounge, type ShellContext } from './commands'
import { Mark } from '@/components/Mark'

type Entry = { to: string; label: string; icon: LucideIcon; shortcut?: string; isEnd?: boolean; isHere?: (path: string) => boolean }

const entriesFor = (projectId: string | null): Entry[] => [
  { to: '/', label: text.home, icon: House, shortcut: goHome.key, isHere: (path) => path === '/' },
  {
    to: '/projects',
    label: text.projects,
    icon: FolderKanban,
    shortcut: goProjects.key,
    isHere: (path) => /^\/(projects|jobs)/.test(path) && !path.endsWith('/reconcile'),
  },
  {
    to: projectId ? `/projects/${projectId}/reconcile` : '/projects',
    label: text.reconcile,
    icon: ArrowLeftRight,
    shortcut: newReconciliation.key,
    isHere: (path) => path.endsWith('/reconcile'),
  },
  { to: '/analytics', label: text.analytics, icon: ChartNoAxesColumn, shortcut: goAnalytics.key, isHere: (path) => path === '/analytics' },
  { to: '/settings', label: text.settings, icon: Settings, shortcut: goSettings.key, isHere: (path) => path === '/settings' },
]

/** The places of the application: a column at the left, icons only when collapsed, a bar at the bottom of a small window. */
export function Rail({ context }: { context: ShellContext }) {
  const { pathname } = useLocation()
  const dispatch = useAppDispatch()
  const isCollapsed = useAppSelector((state) => state.layout.isRailCollapsed)
  return (
    <nav
      aria-label={text.navigation}
      className={classes(
        'flex shrink-0 border-line bg-canvas max-tablet:h-14 max-tablet:items-center max-tablet:justify-around max-tablet:border-t max-tablet:px-2',
        'tablet:flex-col tablet:border-r tablet:p-2 tablet:w-13',
        !isCollapsed && 'desktop:w-56',
      )}
    >
      <div className="hidden h-10 items-center gap-2.5 px-1.5 pb-2 tablet:flex">
        <Mark />
        <span className={classes('text-14 font-semibold tracking-tight', labelClass(isCollapsed))}>378</span>
      </div>
      <ul className="flex gap-0.5 max-tablet:contents tablet:flex-col">
        {entriesFor(context.projectId).map((entry) => (
          <li key={entry.label}>
            <RailLink entry={entry} isHere={entry.isHere?.(pathname) ?? false} isCollapsed={isCollapsed} />
          </li>
        ))}
      </ul>
      <div className="flex max-tablet:contents tablet:mt-auto tablet:flex-col tablet:gap-0.5">
        <LoungeButton isCollapsed={isCollapsed} onOpen={() => dispatch(dialogOpened('lounge'))} />
        <button
          type="button"
          onClick={() => dispatch(railToggled())}
          aria-keyshortcuts="["
          className={classes(LINK, 'hidden text-muted hover:bg-sunken desktop:flex')}
        >
          {isCollapsed ? <PanelLeftOpen aria-hidden size={18} strokeWidth={1.75} /> : <PanelLeftClose aria-hidden size={18} strokeWidth={1.75} />}
          <span className={labelClass(isCollapsed)}>{isCollapsed ? text.expand : text.collapse}</span>
        </button>
      </div>
    </nav>
  )
}

const LINK = 'flex h-9 items-center gap-3 rounded-md px-2.5 text-13 font-medium transition-colors duration-100 max-tablet:h-11 max-tablet:px-3'
/** Without room a label is still there for the screen reader. */
const labelClass = (isCollapsed: boolean) => (isCollapsed ? 'sr-only' : 'truncate max-desktop:sr-only')

function RailLink({ entry, isHere, isCollapsed }: { entry: Entry; isHere: boolean; isCollapsed: boolean }) {
  const link = (
    <NavLink
      to={entry.to}
      aria-current={isHere ? 'page' : undefined}
      aria-keyshortcuts={entry.shortcut && ariaKey(entry.shortcut)}
      className={classes(LINK, isHere ? 'bg-accent-soft text-accent' : 'text-soft hover:bg-sunken hover:text-ink')}
    >
      <entry.icon aria-hidden size={18} strokeWidth={1.75} className="shrink-0" />
      <span className={labelClass(isCollapsed)}>{entry.label}</span>
    </NavLink>
  )
  return isCollapsed ? (
    <Tooltip label={entry.label} shortcut={entry.shortcut}>
      {link}
    </Tooltip>
  ) : (
    link
  )
}

function LoungeButton({ isCollapsed, onOpen }: { isCollapsed: boolean; onOpen: () => void }) {
  const running = useQuery(loungeQuery('running')).data?.total ?? 0
  const queued = useQuery(loungeQuery('queued')).data?.total ?? 0
  const busy = running + queued
  return (
    <button
      type="button"
      onClick={onOpen}
      aria-keyshortcuts={openLounge.key && ariaKey(openLounge.key)}
      className={classes(LINK, 'relative text-soft hover:bg-sunken hover:text-ink')}
    >
      <Sofa aria-hidden size={18} strokeWidth={1.75} className="shrink-0" />
      <span className={labelClass(isCollapsed)}>{text.lounge}</span>
      {busy > 0 ? (
        <span
          className={classes(
            'tabular flex h-4 min-w-4 items-center justify-center rounded-full bg-accent-fill px-1 text-[11px] leading-none font-semibold text-on-fill',
            isCollapsed ? 'absolute top-0.5 right-0.5' : 'max-desktop:absolute max-desktop:top-0.5 max-desktop:right-0.5 desktop:ml-auto',
          )}
        >
          {formatCount(busy)}
        </span>
      ) : (
        <span className={isCollapsed ? 'hidden' : 'ml-auto max-desktop:hidden'}>
          <Kbd shortcut={openLounge.key ?? ''} />
        </span>
      )}
    </button>
  )
}
