import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useSyncExternalStore } from 'react'

import { fileQuery } from '@/api/files'
import type { FileOut } from '@/api/generated'

import type { Side } from './side'
import { uploadsOf, type UploadItem, type UploadQueue } from './uploadQueue'

/** The uploads of a project. `onStored` gets each file once that the server has; what it chose is taken off the list, what it did not stays for a choice. */
export function useUploads(projectId: string, onStored: (side: Side, file: FileOut) => boolean): { queue: UploadQueue; items: readonly UploadItem[] } {
  const queries = useQueryClient()
  const queue = uploadsOf(projectId)
  const items = useSyncExternalStore(queue.subscribe, queue.snapshot)
  useEffect(() => {
    for (const { id, side, stored, isSeen } of items) {
      if (!stored || isSeen) continue
      queries.setQueryData(fileQuery(stored.id).queryKey, stored)
      void queries.invalidateQueries({ queryKey: ['project', projectId, 'files'] })
      if (onStored(side, stored)) queue.remove(id)
      else queue.markSeen(id)
    }
  })
  return { queue, items }
}
