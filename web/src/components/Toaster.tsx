import { CircleCheck, TriangleAlert, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button, IconButton } from './Button'
import { text } from './text'
import { dismissToast, useToasts, type Toast } from './toast'

/** The place where toasts appear. Mounted once, by the shell. */
export function Toaster() {
  const toasts = useToasts()
  return (
    <div
      role="region"
      aria-label={text.notifications}
      className="pointer-events-none fixed right-4 bottom-4 z-40 flex w-[min(24rem,calc(100vw-2rem))] flex-col gap-2"
    >
      {toasts.map((toast) => (
        <ToastCard key={toast.id} toast={toast} />
      ))}
    </div>
  )
}

function ToastCard({ toast }: { toast: Toast }) {
  const [isHeld, setIsHeld] = useState(false)
  useEffect(() => {
    if (isHeld) return
    const timer = setTimeout(() => dismissToast(toast.id), toast.shownMilliseconds)
    return () => clearTimeout(timer)
  }, [isHeld, toast])
  const { action } = toast
  return (
    <div
      role={toast.isSaid ? undefined : toast.tone === 'error' ? 'alert' : 'status'}
      onPointerEnter={() => setIsHeld(true)}
      onPointerLeave={() => setIsHeld(false)}
      className="pointer-events-auto flex items-center gap-2 rounded-md border border-line bg-raised py-2 pr-2 pl-3 text-13 shadow-overlay"
    >
      {toast.tone === 'success' && <CircleCheck aria-hidden size={16} className="shrink-0 text-matched" />}
      {toast.tone === 'error' && <TriangleAlert aria-hidden size={16} className="shrink-0 text-conflict" />}
      <p className="min-w-0 flex-1">{toast.message}</p>
      {action && (
        <Button
          size="small"
          shortcut={action.shortcut}
          onClick={() => {
            dismissToast(toast.id)
            action.run()
          }}
        >
          {action.label}
        </Button>
      )}
      <IconButton size="small" icon={X} label={text.dismiss} onClick={() => dismissToast(toast.id)} />
    </div>
  )
}
