import { useInfiniteQuery } from '@tanstack/react-query'
import { ChevronDown, Download } from 'lucide-react'
import { useState } from 'react'

import { rowErrorsQuery, rowErrorsUrl } from '@/api/files'
import type { FileOut } from '@/api/generated'
import { flattened } from '@/api/paging'
import { Button } from '@/components/Button'
import { ErrorLine } from '@/components/ErrorState'
import { SkeletonRows } from '@/components/Skeleton'
import { formatCount, formatPlural } from '@/lib/format'

import { text } from './text'

/** The rows that did not come in: how many, which lines and why on demand, all of them as a download. */
export function RowErrors({ file }: { file: FileOut }) {
  const [isOpen, setIsOpen] = useState(false)
  return (
    <div className="mt-3 rounded-md border border-line px-3 py-2">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <button type="button" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)} className="inline-flex items-center gap-1 rounded-sm font-medium text-suggested">
          <ChevronDown aria-hidden size={14} className={isOpen ? 'rotate-180' : ''} />
          {formatPlural(file.rows_rejected, text.rowErrors)}
        </button>
        <a href={rowErrorsUrl(file.id)} download className="ml-auto inline-flex items-center gap-1 rounded-sm font-medium text-accent underline underline-offset-2">
          <Download aria-hidden size={14} />
          {text.download}
          <span className="sr-only"> ({file.name})</span>
        </a>
      </p>
      {isOpen && <List fileId={file.id} />}
    </div>
  )
}

function List({ fileId }: { fileId: string }) {
  const list = useInfiniteQuery(rowErrorsQuery(fileId))
  const { items } = flattened(list.data)
  if (list.isPending) return <SkeletonRows rows={3} />
  return (
    <>
      <ErrorLine error={list.error} />
      {/* What is too long scrolls by itself, so the keyboard must reach it. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <ul tabIndex={0} aria-label={text.rejectedRows} className="mt-2 max-h-56 divide-y divide-line overflow-auto">
        {items.map((row, place) => (
          <li key={`${row.line} ${place}`} className="py-1.5">
            <span className="tabular mr-2 text-12 text-muted">{text.line(formatCount(row.line))}</span>
            {row.reason}
            <code className="block truncate font-mono text-12 text-muted">{row.raw}</code>
          </li>
        ))}
      </ul>
      {list.hasNextPage && (
        <Button size="small" className="mt-2" isBusy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {text.moreRows}
        </Button>
      )}
    </>
  )
}
