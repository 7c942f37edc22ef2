import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useSyncExternalStore } from 'react'

import { fileQuery } from '@/api/files'
import type { FileOut } from '@/api/generated'
import { showToast } from '@/components/toast'
import { formatTime } from '@/lib/format'

import type { Side } from './side'
import { text } from './text'
import { uploadsOf, type UploadItem, type UploadQueue } from './uploadQueue'

/** The uploads of a project. `onStored` gets each file once that the server has; what it chose is taken off the list, what it did not stays for a choice. */
export function useUploads(projectId: string, onStored: (side: Side, file: FileOut) => boolean): { queue: UploadQueue; items: readonly UploadItem[] } {
  const queries = useQueryClient()
  const queue = uploadsOf(projectId)
  const items = useSyncExternalStore(queue.subscribe, queue.snapshot)
  useEffect(() => {
    for (const item of items) {
      const { id, side, stored, isSeen } = item
      if (!stored || isSeen || isBehind(item, items)) continue
      queries.setQueryData(fileQuery(stored.id).queryKey, stored)
      void queries.invalidateQueries({ queryKey: ['project', projectId, 'files'] })
      if (stored.already_known) showToast(text.known(stored.name, formatTime(stored.created_at), stored.uploaded_by))
      if (onStored(side, stored)) queue.remove(id)
      else queue.markSeen(id)
    }
  })
  return { queue, items }
}

/** Whether an earlier upload of the same side is still on its way: of many files the first one is compared, not the smallest. */
function isBehind(item: UploadItem, items: readonly UploadItem[]): boolean {
  const before = items.slice(0, items.indexOf(item))
  return before.some((other) => other.side === item.side && (other.status === 'sending' || other.status === 'waiting'))
}
