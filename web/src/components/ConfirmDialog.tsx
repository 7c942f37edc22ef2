import type { ReactNode } from 'react'
import { Button } from './Button'
import { Dialog } from './Dialog'
import { ErrorLine } from './ErrorState'
import { text } from './text'

/** Asks before what cannot be undone. What can be undone is done at once, with an undo beside it. */
export function ConfirmDialog({
  title,
  verb,
  isOpen,
  isBusy = false,
  error,
  onConfirm,
  onClose,
  children,
}: {
  title: string
  verb: string
  isOpen: boolean
  isBusy?: boolean
  error?: unknown
  onConfirm: () => void
  onClose: () => void
  children: ReactNode
}) {
  return (
    <Dialog
      isOpen={isOpen}
      size="small"
      title={title}
      onClose={onClose}
      footer={
        <>
          <Button tone="quiet" onClick={onClose}>
            {text.cancel}
          </Button>
          <Button tone="danger" isBusy={isBusy} onClick={onConfirm}>
            {verb}
          </Button>
        </>
      }
    >
      <p className="text-13 text-soft">{children}</p>
      {Boolean(error) && (
        <div className="mt-3">
          <ErrorLine error={error} />
        </div>
      )}
    </Dialog>
  )
}
