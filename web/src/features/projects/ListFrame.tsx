import type { ReactNode } from 'react'
import { ErrorState } from '@/components/ErrorState'
import { SkeletonRows } from '@/components/Skeleton'

export type ListQuery = { isPending: boolean; error: unknown; data: unknown; refetch: () => unknown }

/** The four states of a list in one frame: on its way, failed, empty, or the list itself. */
export function ListFrame({ query, isEmpty, empty, children }: { query: ListQuery; isEmpty: boolean; empty: ReactNode; children: ReactNode }) {
  return (
    <div className="overflow-hidden rounded-md border border-line bg-surface">
      {query.isPending && <SkeletonRows rows={5} />}
      {Boolean(query.error) && !query.data && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
      {Boolean(query.data) && (isEmpty ? empty : children)}
    </div>
  )
}
