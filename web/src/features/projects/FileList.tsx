import { FileText } from 'lucide-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { FileOut, ProjectOut } from '@/api/generated'
import { filesQuery } from '@/api/files'
import { flattened } from '@/api/paging'
import { FileStatusBadge } from '@/components/Badge'
import type { Column } from '@/components/DataTable'
import { Ago, Count, Nothing } from '@/components/Value'
import { formatBytes, formatCount } from '@/lib/format'
import { FileDetails } from './FileDetails'
import { ProjectTable } from './ProjectTable'
import { text } from './text'

const COLUMNS: readonly Column<FileOut>[] = [
  {
    id: 'name',
    header: text.fileName,
    width: 'minmax(14rem, 3fr)',
    cell: (file) => (
      <span className="block min-w-0">
        <span className="block truncate font-medium">{file.name}</span>
        <span className="block truncate text-12 text-muted">{noteOf(file)}</span>
      </span>
    ),
  },
  { id: 'status', header: text.status, width: 'minmax(9rem, 1fr)', cell: (file) => <FileStatusBadge status={file.status} /> },
  {
    id: 'rows',
    header: text.rows,
    width: '6rem',
    align: 'end',
    cell: (file) => (file.status === 'ready' ? <Count value={file.rows_imported} /> : <Nothing />),
  },
  { id: 'size', header: text.size, isOptional: true, width: '6rem', align: 'end', cell: (file) => formatBytes(file.size_bytes) },
  { id: 'uploaded', header: text.uploaded, width: '7rem', cell: (file) => <Ago time={file.created_at} /> },
  { id: 'by', header: text.by, isOptional: true, width: 'minmax(5rem, 1fr)', cell: (file) => file.uploaded_by },
]

/** The one thing to know about a file beside its status. */
function noteOf(file: FileOut): string {
  if (file.error) return file.error
  if (file.questions[0]) return file.questions[0].why
  const notes = [file.format?.toUpperCase(), file.rows_rejected > 0 && text.rowErrors(formatCount(file.rows_rejected)), file.warnings[0]]
  return notes.filter(Boolean).join(' · ')
}

export function FileList({ project }: { project: ProjectOut }) {
  const list = useInfiniteQuery(filesQuery(project.id))
  const [openId, setOpenId] = useState<string | null>(null)
  const { items, total } = flattened(list.data)
  return (
    <>
      <ProjectTable
        project={project}
        label={text.files}
        query={list}
        rows={items}
        total={total}
        columns={COLUMNS}
        empty={{ icon: FileText, title: text.noFiles, hint: text.noFilesHint }}
        onOpen={(file) => setOpenId(file.id)}
      />
      {openId && <FileDetails fileId={openId} project={project} onClose={() => setOpenId(null)} />}
    </>
  )
}
