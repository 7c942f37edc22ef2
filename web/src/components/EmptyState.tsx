import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'

/** A list with nothing in it: what it is for, and the button that changes that. */
export function EmptyState({ icon: Icon, title, children, action }: { icon: LucideIcon; title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="flex flex-col items-center gap-2 px-6 py-12 text-center">
      <div className="mb-1 flex size-10 items-center justify-center rounded-md border border-line bg-sunken text-muted">
        <Icon aria-hidden size={20} strokeWidth={1.5} />
      </div>
      <h2 className="text-14 font-semibold">{title}</h2>
      {children && <p className="max-w-md text-13 text-muted">{children}</p>}
      {action && <div className="mt-3 flex gap-2">{action}</div>}
    </div>
  )
}
