import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useSearchParams } from 'react-router'

import { fileQuery } from '@/api/files'
import type { FileOut, ProjectOut } from '@/api/generated'

import type { Side } from './side'

export type ChosenFiles = {
  readonly left: FileOut | undefined
  readonly right: FileOut | undefined
  isEmpty: (side: Side) => boolean
  choose: (side: Side, fileId: string | null) => void
  /** Choose a file unless the side has one; whether it did. */
  chooseIfEmpty: (side: Side, file: FileOut) => boolean
}

/** The chosen files live in the address: a reload, or a link from a failed job, comes back to them. */
export function useChosenFiles(): ChosenFiles {
  const [search, setSearch] = useSearchParams()
  // Two uploads may end before the first one has been drawn: each must see what the other chose.
  const latest = useRef(search)
  useEffect(() => {
    latest.current = search
  }, [search])
  const choose = (side: Side, fileId: string | null) => {
    const next = new URLSearchParams(latest.current)
    if (fileId === null) next.delete(side)
    else next.set(side, fileId)
    latest.current = next
    setSearch(next, { replace: true })
  }
  const left = useQuery({ ...fileQuery(search.get('left') ?? ''), enabled: search.has('left') })
  const right = useQuery({ ...fileQuery(search.get('right') ?? ''), enabled: search.has('right') })
  return {
    left: search.has('left') ? left.data : undefined,
    right: search.has('right') ? right.data : undefined,
    isEmpty: (side) => !search.has(side),
    choose,
    chooseIfEmpty: (side, file) => {
      if (latest.current.has(side)) return latest.current.get(side) === file.id
      choose(side, file.id)
      return true
    },
  }
}

/** A project that has two files and no reconciliation yet, as the demo has: they are the two sides, the one that came first left. Once, so that they can be changed. */
export function usePreselection(project: ProjectOut, known: readonly FileOut[] | undefined, isUploading: boolean, files: ChosenFiles): void {
  const isDone = useRef(false)
  useEffect(() => {
    if (isDone.current || !known) return
    isDone.current = true
    const [second, first, third] = known
    if (!first || !second || third || [first, second].some((file) => file.status === 'rejected')) return
    if (project.job_count > 0 || isUploading || !files.isEmpty('left') || !files.isEmpty('right')) return
    files.choose('left', first.id)
    files.choose('right', second.id)
  })
}
