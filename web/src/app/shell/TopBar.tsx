import { ChevronDown, ChevronRight, FolderKanban, LogOut, Monitor, Moon, Plus, Search, Settings, Sun } from 'lucide-react'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from 'react-router'
import type { UserOut } from '@/api/generated'
import { flattened } from '@/api/paging'
import { projectsQuery } from '@/api/projects'
import { signOut } from '@/api/session'
import { socket } from '@/api/socket'
import { Avatar } from '@/components/Avatar'
import { messageOf } from '@/components/ErrorState'
import { Kbd } from '@/components/Kbd'
import { Menu, type MenuItem } from '@/components/Menu'
import { showToast } from '@/components/toast'
import { useCurrentPlace } from '@/components/place'
import { classes } from '@/lib/classes'
import { ariaKey } from '@/lib/commands'
import { useAppDispatch, useAppSelector } from '@/state'
import { dialogOpened } from '@/state/dialogs'
import { projectForgotten } from '@/state/lastProject'
import { sessionChanged } from '@/state/session'
import { THEMES, themeChosen } from '@/state/theme'
import { text } from '../text'
import { Connection } from './Connection'
import { openPalette, type ShellContext } from './commands'

/** Where the user is at the left; search, connection and account at the right. */
export function TopBar({ context, user }: { context: ShellContext; user: UserOut | undefined }) {
  return (
    <header className="flex h-12 shrink-0 items-center gap-2 border-b border-line bg-canvas px-3 tablet:px-4">
      <Breadcrumb context={context} />
      <button
        type="button"
        onClick={() => context.dispatch(dialogOpened('palette'))}
        aria-keyshortcuts={openPalette.key && ariaKey(openPalette.key)}
        className="flex h-8 shrink-0 items-center gap-2 rounded-md border border-line bg-surface px-2.5 text-13 text-muted hover:border-line-strong hover:text-ink"
      >
        <Search aria-hidden size={14} />
        <span className="max-tablet:sr-only">
          {text.search} <span className="sr-only">{text.searchHint}</span>
        </span>
        <span className="max-tablet:hidden">
          <Kbd shortcut={openPalette.key ?? ''} />
        </span>
      </button>
      <Connection />
      {user && <UserMenu user={user} context={context} />}
    </header>
  )
}

function Breadcrumb({ context }: { context: ShellContext }) {
  const { title, project, trail = [] } = useCurrentPlace()
  return (
    <nav aria-label="Breadcrumb" className="flex min-w-0 flex-1 items-center gap-1 text-13">
      {project && <ProjectSwitch context={context} project={project} />}
      {trail.map((step) => (
        <span key={step.to} className="flex min-w-0 items-center gap-1 max-tablet:hidden">
          <ChevronRight aria-hidden size={14} className="shrink-0 text-muted" />
          <Link to={step.to} className="truncate rounded-sm px-1 text-soft hover:text-ink">
            {step.label}
          </Link>
        </span>
      ))}
      {title && title !== project?.name && (
        <span className={classes('flex items-center gap-1', trail.length > 0 ? 'shrink-0' : 'min-w-0')}>
          {project && <ChevronRight aria-hidden size={14} className="shrink-0 text-muted" />}
          <span aria-current="page" className="truncate px-1 font-medium">
            {title}
          </span>
        </span>
      )}
    </nav>
  )
}

const SWITCH_MAX = 12

function ProjectSwitch({ context, project }: { context: ShellContext; project: { id: string; name: string } }) {
  const { items } = flattened(useInfiniteQuery(projectsQuery()).data)
  const entries: MenuItem[] = [
    ...items.slice(0, SWITCH_MAX).map(
      (one): MenuItem => ({
        id: one.id,
        label: one.name,
        isChecked: one.id === project.id,
        onSelect: () => void context.navigate(`/projects/${one.id}`),
      }),
    ),
    ...(items.length > 0 ? [{ kind: 'line', id: 'line' } as const] : []),
    { id: 'all', label: text.allProjects, icon: FolderKanban, onSelect: () => void context.navigate('/projects') },
    { id: 'new', label: text.newProject, icon: Plus, onSelect: () => context.dispatch(dialogOpened('newProject')) },
  ]
  return (
    <Menu
      label={text.switchProject}
      items={entries}
      trigger={(props) => (
        <button
          type="button"
          {...props}
          aria-label={`${text.switchProject}: ${project.name}`}
          className="flex h-8 min-w-0 items-center gap-1 rounded-md px-1.5 font-medium text-soft hover:bg-sunken hover:text-ink"
        >
          <span className="truncate">{project.name}</span>
          <ChevronDown aria-hidden size={14} className="shrink-0 text-muted" />
        </button>
      )}
    />
  )
}

const THEME_ICONS = { system: Monitor, light: Sun, dark: Moon }

function UserMenu({ user, context }: { user: UserOut; context: ShellContext }) {
  const dispatch = useAppDispatch()
  const queries = useQueryClient()
  const theme = useAppSelector((state) => state.theme.chosen)
  async function leave() {
    try {
      await signOut()
    } catch (error) {
      showToast(messageOf(error), { tone: 'error' })
      return
    }
    socket.close()
    dispatch(sessionChanged('left'))
    dispatch(projectForgotten())
    queries.clear()
  }
  const items: MenuItem[] = [
    {
      kind: 'heading',
      id: 'who',
      label: (
        <>
          <span className="block text-13 font-medium text-ink">{user.name}</span>
          {user.email}
          {user.is_administrator && ` · ${text.administrator}`}
        </>
      ),
    },
    { kind: 'line', id: 'line1' },
    { kind: 'heading', id: 'appearance', label: text.appearance },
    ...THEMES.map(
      (one): MenuItem => ({
        id: one,
        label: text.themes[one],
        icon: THEME_ICONS[one],
        isChecked: one === theme,
        onSelect: () => dispatch(themeChosen(one)),
      }),
    ),
    { kind: 'line', id: 'line2' },
    { id: 'settings', label: text.settings, icon: Settings, onSelect: () => void context.navigate('/settings') },
    { id: 'sign-out', label: text.signOut, icon: LogOut, onSelect: () => void leave() },
  ]
  return (
    <Menu
      label={text.user}
      align="end"
      items={items}
      trigger={(props) => (
        <button type="button" {...props} aria-label={`${text.user}: ${user.name}`} className="rounded-full">
          <Avatar name={user.name} />
        </button>
      )}
    />
  )
}
