import { Download, Trash2 } from 'lucide-react'
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ColumnOut, FileOut, ProjectOut } from '@/api/generated'
import { deleteFile, fileContentUrl, fileQuery, rowErrorsQuery, rowErrorsUrl } from '@/api/files'
import { flattened } from '@/api/paging'
import { FileStatusBadge } from '@/components/Badge'
import { Button, ButtonLink } from '@/components/Button'
import { ConfirmDialog } from '@/components/ConfirmDialog'
import { Dialog } from '@/components/Dialog'
import { ErrorLine, ErrorState } from '@/components/ErrorState'
import { ProgressBar } from '@/components/ProgressBar'
import { SkeletonRows } from '@/components/Skeleton'
import { formatBytes, formatCount, formatShare } from '@/lib/format'
import { wordFor } from '@/lib/vocabulary'
import { text } from './text'

/** What was seen in a file: its form, its columns, the rows that were left out and why. */
export function FileDetails({ fileId, project, onClose }: { fileId: string; project: ProjectOut; onClose: () => void }) {
  const { data: file, error, refetch } = useQuery(fileQuery(fileId))
  return (
    <Dialog isOpen size="large" title={file?.name ?? text.fileName} onClose={onClose}>
      {error && !file && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!error && !file && <SkeletonRows rows={5} />}
      {file && <Details file={file} project={project} onDeleted={onClose} />}
    </Dialog>
  )
}

function Details({ file, project, onDeleted }: { file: FileOut; project: ProjectOut; onDeleted: () => void }) {
  return (
    <div className="flex flex-col gap-5">
      <div className="flex flex-wrap items-center gap-2">
        <FileStatusBadge status={file.status} />
        <span className="flex-1 text-12 text-muted">{factsOf(file)}</span>
        {file.status === 'question' && (
          <ButtonLink size="small" to={`/projects/${project.id}/reconcile`}>
            {text.answer}
          </ButtonLink>
        )}
        <DownloadLink href={fileContentUrl(file.id)} label={text.downloadContent} />
        {file.rows_rejected > 0 && <DownloadLink href={rowErrorsUrl(file.id)} label={text.downloadRowErrors} />}
        {project.role !== 'viewer' && <DeleteFile file={file} project={project} onDeleted={onDeleted} />}
      </div>
      {file.error && <ErrorLine error={file.error} />}
      {file.warnings.length > 0 && (
        <ul className="flex flex-col gap-1 rounded-md bg-suggested-soft px-3 py-2 text-13 text-suggested">
          {file.warnings.map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      )}
      {file.columns.length > 0 && <ColumnTable columns={file.columns} />}
      {file.rows_rejected > 0 && <RowErrors fileId={file.id} />}
    </div>
  )
}

function factsOf(file: FileOut): string {
  return [
    file.format?.toUpperCase(),
    file.encoding,
    file.header_line !== null && `${text.headerLine} ${formatCount(file.header_line)}`,
    `${formatCount(file.rows_imported)} ${text.rows.toLowerCase()}`,
    formatBytes(file.size_bytes),
  ]
    .filter(Boolean)
    .join(' · ')
}

function DownloadLink({ href, label }: { href: string; label: string }) {
  return (
    <a href={href} download className="inline-flex h-7 items-center gap-1.5 rounded-md border border-line-strong px-2 text-13 font-medium hover:bg-sunken">
      <Download aria-hidden size={14} />
      {label}
    </a>
  )
}

function ColumnTable({ columns }: { columns: readonly ColumnOut[] }) {
  return (
    <div className="overflow-x-auto">
      <table className="w-full text-13">
        <caption className="sr-only">{text.details}</caption>
        <thead className="text-left text-12 text-muted">
          <tr className="border-b border-line">
            {[text.column, text.type, text.columnRole, text.filled, text.distinct, text.samples].map((heading) => (
              <th key={heading} scope="col" className="py-2 pr-4 font-medium">
                {heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {columns.map((column) => (
            <tr key={column.name} className="border-b border-line last:border-b-0">
              <th scope="row" className="py-2 pr-4 text-left font-medium whitespace-nowrap">
                {column.name}
              </th>
              <td className="py-2 pr-4 text-soft">{wordFor('columnType', column.type)}</td>
              <td className="py-2 pr-4 text-soft">{wordFor('role', column.role)}</td>
              <td className="py-2 pr-4">
                <span className="flex w-24 items-center gap-2">
                  <ProgressBar isThin label={`${column.name}: ${text.filled}`} fraction={column.filled} />
                  <span className="tabular text-12 text-muted">{formatShare(column.filled, 0)}</span>
                </span>
              </td>
              <td className="tabular py-2 pr-4 text-soft">{formatCount(column.distinct)}</td>
              <td className="max-w-64 truncate py-2 text-muted">{column.samples.slice(0, 3).join(', ')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function RowErrors({ fileId }: { fileId: string }) {
  const list = useInfiniteQuery(rowErrorsQuery(fileId))
  const { items } = flattened(list.data)
  return (
    <section>
      <h3 className="mb-2 text-13 font-semibold">{text.rejectedRows}</h3>
      {list.error && <ErrorLine error={list.error} />}
      <table className="w-full text-13">
        <thead className="text-left text-12 text-muted">
          <tr className="border-b border-line">
            <th scope="col" className="w-16 py-2 font-medium">
              {text.line}
            </th>
            <th scope="col" className="py-2 font-medium">
              {text.reason}
            </th>
          </tr>
        </thead>
        <tbody>
          {items.map((row) => (
            <tr key={row.line} className="border-b border-line align-top last:border-b-0">
              <td className="tabular py-2 text-muted">{formatCount(row.line)}</td>
              <td className="py-2">
                {row.reason}
                <code className="mt-0.5 block truncate font-mono text-12 text-muted">{row.raw}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function DeleteFile({ file, project, onDeleted }: { file: FileOut; project: ProjectOut; onDeleted: () => void }) {
  const queries = useQueryClient()
  const [isAsking, setIsAsking] = useState(false)
  const remove = useMutation({
    mutationFn: () => deleteFile(file.id),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['project', project.id] })
      onDeleted()
    },
  })
  return (
    <>
      <Button size="small" tone="danger" icon={Trash2} onClick={() => setIsAsking(true)}>
        {text.deleteFile}
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        title={text.deleteFileTitle(file.name)}
        verb={text.deleteFile}
        isBusy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate()}
        onClose={() => setIsAsking(false)}
      >
        {text.deleteFileHint}
      </ConfirmDialog>
    </>
  )
}
