import { Mark } from '@/components/Mark'
import { PageSkeleton } from '../PageSkeleton'

/** The shell's outline, until it is known who is there. */
export function ShellSkeleton() {
  return (
    <div className="flex h-full flex-col-reverse tablet:flex-row">
      <div className="shrink-0 border-line max-tablet:h-14 max-tablet:border-t tablet:w-13 tablet:border-r tablet:p-2 desktop:w-56">
        <div className="hidden h-10 items-center px-1.5 pb-2 tablet:flex">
          <Mark />
        </div>
      </div>
      <div className="flex min-w-0 flex-1 flex-col">
        <div className="h-12 shrink-0 border-b border-line" />
        <PageSkeleton />
      </div>
    </div>
  )
}
