import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'

import { fileQuery } from '@/api/files'
import type { FileOut } from '@/api/generated'
import { uploadFile } from '@/api/upload'

export type UploadState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'sending'; readonly file: File; readonly share: number }
  | { readonly kind: 'failed'; readonly file: File; readonly error: unknown }

/** Upload one file of a side: its progress, cancel and retry. `onDone` gets what the server stored. */
export function useUpload(projectId: string, onDone: (file: FileOut) => void) {
  const queries = useQueryClient()
  const [state, setState] = useState<UploadState>({ kind: 'idle' })
  const running = useRef<AbortController>(undefined)

  async function start(file: File): Promise<void> {
    running.current?.abort()
    const control = new AbortController()
    running.current = control
    setState({ kind: 'sending', file, share: 0 })
    try {
      const onProgress = (share: number) => setState({ kind: 'sending', file, share })
      const stored = await uploadFile(projectId, file, { onProgress, signal: control.signal })
      queries.setQueryData(fileQuery(stored.id).queryKey, stored)
      void queries.invalidateQueries({ queryKey: ['project', projectId, 'files'] })
      setState({ kind: 'idle' })
      onDone(stored)
    } catch (error) {
      if (running.current !== control) return
      setState(control.signal.aborted ? { kind: 'idle' } : { kind: 'failed', file, error })
    }
  }

  return { state, start: (file: File) => void start(file), cancel: () => running.current?.abort() }
}
