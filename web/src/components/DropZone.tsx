import { Upload } from 'lucide-react'
import { useRef, useState, type DragEvent, type ReactNode } from 'react'
import { classes } from '@/lib/classes'

/** A place to drop files on; a click or Enter opens the file chooser instead. */
export function DropZone({
  label,
  accept,
  isMultiple = true,
  onFiles,
  className,
  children,
}: {
  label: string
  accept?: string
  isMultiple?: boolean
  onFiles: (files: File[]) => void
  className?: string
  children?: ReactNode
}) {
  const input = useRef<HTMLInputElement>(null)
  const [isOver, setIsOver] = useState(false)
  const take = (list: FileList | null) => {
    const files = [...(list ?? [])]
    if (files.length > 0) onFiles(isMultiple ? files : files.slice(0, 1))
  }
  const onDrag = (event: DragEvent, isInside: boolean) => {
    event.preventDefault()
    setIsOver(isInside)
  }
  return (
    // Dropping is for the pointer; the button inside does the same for everybody else.
    <div
      onDragEnter={(event) => onDrag(event, true)}
      onDragOver={(event) => onDrag(event, true)}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setIsOver(false)
      }}
      onDrop={(event) => {
        onDrag(event, false)
        take(event.dataTransfer.files)
      }}
      className={classes(
        'relative flex rounded-md border border-dashed transition-colors duration-100',
        isOver ? 'border-accent bg-accent-soft' : 'border-line-strong bg-surface hover:border-accent',
        className,
      )}
    >
      <input
        ref={input}
        type="file"
        aria-label={label}
        multiple={isMultiple}
        accept={accept}
        tabIndex={-1}
        className="sr-only"
        onChange={(event) => {
          take(event.target.files)
          event.target.value = ''
        }}
      />
      <button type="button" onClick={() => input.current?.click()} className="flex w-full flex-col items-center justify-center gap-2 rounded-md p-6 text-center">
        {children ?? (
          <>
            <Upload aria-hidden size={20} strokeWidth={1.5} className="text-muted" />
            <span className="text-13 font-medium">{label}</span>
          </>
        )}
      </button>
    </div>
  )
}
