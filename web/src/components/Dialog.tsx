import { X } from 'lucide-react'
import { useEffect, useId, useRef, type ReactNode } from 'react'
import { classes } from '@/lib/classes'
import { IconButton } from './Button'
import { text } from './text'

const SIZES = { small: 'w-[min(26rem,calc(100vw-2rem))]', medium: 'w-[min(36rem,calc(100vw-2rem))]', large: 'w-[min(56rem,calc(100vw-2rem))]' }

export type DialogProps = {
  title: string
  isOpen: boolean
  onClose: () => void
  size?: keyof typeof SIZES
  /** `side` slides over the right edge: for a look aside that keeps the page in view. */
  placement?: 'centre' | 'side' | 'top'
  isTitleHidden?: boolean
  footer?: ReactNode
  children: ReactNode
}

/** The browser's modal dialog: focus stays inside and comes back, Escape and the ground behind close it. */
export function Dialog({ isOpen, ...rest }: DialogProps) {
  return isOpen ? <OpenDialog {...rest} /> : null
}

function OpenDialog({
  title,
  onClose,
  size = 'medium',
  placement = 'centre',
  isTitleHidden = false,
  footer,
  children,
}: Omit<DialogProps, 'isOpen'>) {
  const dialog = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  useEffect(() => {
    const opened = dialog.current
    opened?.showModal()
    // A form begins in its first field; anything else is read from its top, not from its close button.
    const field = opened?.querySelector<HTMLElement>('input, textarea, select')
    if (field) field.focus()
    else opened?.focus()
    return () => opened?.close()
  }, [])
  return (
    // The click is on the ground behind, which is the dialog element itself; the keyboard has Escape.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/click-events-have-key-events
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      tabIndex={-1}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onClick={(event) => event.target === dialog.current && onClose()}
      className={classes(
        'overflow-hidden outline-none border border-line bg-raised p-0 text-ink shadow-overlay',
        placement === 'side'
          ? classes('my-0 mr-0 ml-auto h-dvh max-h-dvh border-y-0 border-r-0', size === 'large' ? 'w-[min(46rem,100vw)]' : 'w-[min(28rem,100vw)]')
          : classes('rounded-md', SIZES[size], placement === 'top' && 'mt-[12vh]'),
      )}
    >
      <div className={classes('flex flex-col', placement === 'side' ? 'h-full' : 'max-h-[80vh]')}>
        <div className={isTitleHidden ? 'sr-only' : 'flex items-center gap-2 border-b border-line py-2 pr-2 pl-4'}>
          <h2 id={titleId} className="flex-1 text-14 font-semibold">
            {title}
          </h2>
          {!isTitleHidden && <IconButton icon={X} label={text.close} onClick={onClose} />}
        </div>
        {/* What is too long scrolls by itself, so the keyboard must reach it. */}
        {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
        <div tabIndex={placement === 'top' ? undefined : 0} className={classes('min-h-0 flex-1 overflow-auto outline-offset-[-2px]', !isTitleHidden && 'p-4')}>
          {children}
        </div>
        {footer && <div className="flex justify-end gap-2 border-t border-line px-4 py-3">{footer}</div>}
      </div>
    </dialog>
  )
}
