import { classes } from '@/lib/classes'
import { text } from './text'

/** A grey shape where something will stand. Size it as the final thing, so that nothing jumps. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={classes('skeleton', className ?? 'h-4 w-full')} />
}

/** Rows of a list that is on its way. */
export function SkeletonRows({ rows = 6, rowClass = 'h-11' }: { rows?: number; rowClass?: string }) {
  return (
    <div role="status" aria-label={text.loading}>
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} className={classes('flex items-center gap-4 border-b border-line px-4 last:border-b-0', rowClass)}>
          <Skeleton className="h-3 w-1/3" />
          <Skeleton className="h-3 w-1/5" />
          <Skeleton className="ml-auto h-3 w-16" />
        </div>
      ))}
    </div>
  )
}
