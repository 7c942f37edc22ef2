import { FolderKanban, Plus, Sparkles } from 'lucide-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate } from 'react-router'
import type { ProjectOut } from '@/api/generated'
import { flattened } from '@/api/paging'
import { projectsQuery } from '@/api/projects'
import { Badge, RECORD_LOOKS } from '@/components/Badge'
import { Button } from '@/components/Button'
import { DataTable, type Column } from '@/components/DataTable'
import { EmptyState } from '@/components/EmptyState'
import { ErrorState } from '@/components/ErrorState'
import { Page } from '@/components/Page'
import { usePlace } from '@/components/place'
import { SkeletonRows } from '@/components/Skeleton'
import { useOpenDemo } from '@/components/useOpenDemo'
import { Ago, Count } from '@/components/Value'
import { formatCount, formatPlural } from '@/lib/format'
import { useAppDispatch } from '@/state'
import { dialogOpened } from '@/state/dialogs'
import { text } from './text'

const ROW_PIXELS = 52

const COLUMNS: readonly Column<ProjectOut>[] = [
  {
    id: 'name',
    header: text.name,
    width: 'minmax(14rem, 3fr)',
    cell: (project) => (
      <span className="block min-w-0">
        <span className="block truncate font-medium">{project.name}</span>
        {project.description && <span className="block truncate text-12 text-muted">{project.description}</span>}
      </span>
    ),
  },
  {
    id: 'review',
    header: text.toReview,
    width: 'minmax(6rem, 1fr)',
    cell: (project) =>
      project.open_suggestions > 0 ? (
        <Badge meaning="suggested" icon={RECORD_LOOKS.suggested.icon}>
          {formatCount(project.open_suggestions)}
        </Badge>
      ) : (
        <span className="text-muted">–</span>
      ),
  },
  { id: 'files', header: text.files, isOptional: true, width: '4rem', align: 'end', cell: (project) => <Count value={project.file_count} /> },
  { id: 'jobs', header: text.jobs, isOptional: true, width: '4rem', align: 'end', cell: (project) => <Count value={project.job_count} /> },
  { id: 'last', header: text.lastJob, width: 'minmax(7rem, 1fr)', cell: (project) => <Ago time={project.last_job_at} /> },
  { id: 'role', header: text.role, isOptional: true, width: '6rem', cell: (project) => text.roles[project.role] },
]

export default function ProjectsPage() {
  usePlace({ title: text.projects })
  const navigate = useNavigate()
  const dispatch = useAppDispatch()
  const list = useInfiniteQuery(projectsQuery())
  const demo = useOpenDemo()
  const { items, total } = flattened(list.data)
  const openNew = () => dispatch(dialogOpened('newProject'))
  return (
    <Page
      title={text.projects}
      description={items.length > 0 ? formatPlural(total, text.total) : text.projectsHint}
      actions={
        <Button tone="primary" icon={Plus} onClick={openNew}>
          {text.newProject}
        </Button>
      }
    >
      <div className="overflow-hidden rounded-md border border-line bg-surface">
        {list.isPending && <SkeletonRows rows={6} rowClass="h-13" />}
        {list.error && !list.data && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
        {list.data && items.length === 0 && (
          <EmptyState
            icon={FolderKanban}
            title={text.emptyTitle}
            action={
              <>
                <Button tone="primary" icon={Plus} onClick={openNew}>
                  {text.newProject}
                </Button>
                <Button icon={Sparkles} isBusy={demo.isPending} onClick={demo.open}>
                  {text.openDemo}
                </Button>
              </>
            }
          >
            {text.emptyHint}
          </EmptyState>
        )}
        {items.length > 0 && (
          <DataTable
            label={text.projects}
            columns={COLUMNS}
            rows={items}
            total={total}
            rowKey={(project) => project.id}
            rowHeightPixels={ROW_PIXELS}
            onOpen={(project) => void navigate(`/projects/${project.id}`)}
            onEndReached={() => void list.fetchNextPage()}
            className="max-h-[70vh]"
          />
        )}
      </div>
    </Page>
  )
}
