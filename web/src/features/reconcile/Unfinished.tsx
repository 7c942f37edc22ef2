import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { History, Trash2 } from 'lucide-react'
import { useRef } from 'react'

import type { UploadOut } from '@/api/generated'
import { cancelUpload, openUploadsQuery } from '@/api/upload'
import { Button, IconButton } from '@/components/Button'
import { formatBytes, formatShare } from '@/lib/format'

import { text } from './text'

type Props = { projectId: string; running: ReadonlySet<string | null>; onFiles: (files: File[]) => void }

/** Uploads that a reload or another device left: the server has a part, the browser needs the file once more. */
export function Unfinished({ projectId, running, onFiles }: Props) {
  const { data = [] } = useQuery(openUploadsQuery(projectId))
  const left = data.filter((upload) => !running.has(upload.id))
  if (left.length === 0) return null
  return (
    <section aria-label={text.unfinished.title} className="mb-4 rounded-md bg-sunken px-3 py-2.5">
      <h3 className="flex items-center gap-2 text-13 font-medium">
        <History aria-hidden size={16} strokeWidth={1.75} className="text-muted" />
        {text.unfinished.title}
      </h3>
      <p className="text-12 text-muted">{text.unfinished.hint}</p>
      <ul className="mt-1.5 space-y-1">
        {left.map((upload) => (
          <Line key={upload.id} projectId={projectId} upload={upload} onFiles={onFiles} />
        ))}
      </ul>
    </section>
  )
}

function Line({ projectId, upload, onFiles }: { projectId: string; upload: UploadOut; onFiles: (files: File[]) => void }) {
  const queries = useQueryClient()
  const input = useRef<HTMLInputElement>(null)
  const discard = useMutation({
    mutationFn: () => cancelUpload(upload.id),
    onSettled: () => queries.invalidateQueries({ queryKey: openUploadsQuery(projectId).queryKey }),
  })
  return (
    <li className="flex items-center gap-2 text-13">
      <span className="min-w-0 flex-1 truncate">
        {upload.name}
        <span className="tabular ml-2 text-12 text-muted">
          {formatShare(upload.offset / upload.size_bytes, 0)} · {text.upload.of(formatBytes(upload.offset), formatBytes(upload.size_bytes))}
        </span>
      </span>
      <input
        ref={input}
        type="file"
        tabIndex={-1}
        className="sr-only"
        aria-label={text.unfinished.choose(upload.name)}
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])])
          event.target.value = ''
        }}
      />
      <Button size="small" aria-label={text.unfinished.goOnWith(upload.name)} onClick={() => input.current?.click()}>
        {text.unfinished.goOn}
      </Button>
      <IconButton size="small" icon={Trash2} label={text.unfinished.discard(upload.name)} disabled={discard.isPending} onClick={() => discard.mutate()} />
    </li>
  )
}
