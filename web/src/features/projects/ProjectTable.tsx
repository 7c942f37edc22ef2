import type { LucideIcon } from 'lucide-react'
import type { ProjectOut } from '@/api/generated'
import { ButtonLink } from '@/components/Button'
import { DataTable, type Column } from '@/components/DataTable'
import { EmptyState } from '@/components/EmptyState'
import { ListFrame, type ListQuery } from './ListFrame'
import { text } from './text'

const ROW_PIXELS = 52

type Props<Row> = {
  project: ProjectOut
  label: string
  query: ListQuery & { fetchNextPage: () => unknown }
  rows: readonly Row[]
  total: number
  columns: readonly Column<Row>[]
  empty: { icon: LucideIcon; title: string; hint: string }
  onOpen: (row: Row) => void
}

/** What a project holds of one kind. While there is none, the way to the first. */
export function ProjectTable<Row extends { id: string }>({ project, label, query, rows, total, columns, empty, onOpen }: Props<Row>) {
  const start = project.role !== 'viewer' && (
    <ButtonLink tone="primary" to={`/projects/${project.id}/reconcile`}>
      {text.startHere}
    </ButtonLink>
  )
  return (
    <ListFrame
      query={query}
      isEmpty={rows.length === 0}
      empty={
        <EmptyState icon={empty.icon} title={empty.title} action={start}>
          {empty.hint}
        </EmptyState>
      }
    >
      <DataTable
        label={label}
        columns={columns}
        rows={rows}
        total={total}
        rowKey={(row) => row.id}
        rowHeightPixels={ROW_PIXELS}
        onOpen={onOpen}
        onEndReached={() => void query.fetchNextPage()}
        className="max-h-[60vh]"
      />
    </ListFrame>
  )
}
