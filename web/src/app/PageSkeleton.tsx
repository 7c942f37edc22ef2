import { Skeleton, SkeletonRows } from '@/components/Skeleton'
import { text } from './text'

/** An ordinary page that is on its way. */
export function PageSkeleton() {
  return (
    <div role="status" aria-label={text.loading} className="mx-auto flex w-full max-w-[76rem] flex-col gap-6 px-4 py-6 tablet:px-8 tablet:py-8">
      <Skeleton className="h-7 w-64" />
      <div className="rounded-md border border-line bg-surface">
        <SkeletonRows rows={6} />
      </div>
    </div>
  )
}
