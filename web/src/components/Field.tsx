import { useId, type InputHTMLAttributes, type ReactNode, type Ref, type SelectHTMLAttributes, type TextareaHTMLAttributes } from 'react'
import { classes } from '@/lib/classes'

const CONTROL =
  'w-full rounded-md border border-line-strong bg-surface px-3 text-14 text-ink placeholder:text-muted aria-invalid:border-conflict disabled:opacity-60'

type Around = { label: string; hint?: ReactNode; error?: string | null; isLabelHidden?: boolean }

/** A label, its control and what there is to say about it. The control gets its ids through `children`. */
export function Field({
  label,
  hint,
  error,
  isLabelHidden = false,
  children,
}: Around & { children: (ids: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: true }) => ReactNode }) {
  const id = useId()
  const isDescribed = Boolean(error || hint)
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className={isLabelHidden ? 'sr-only' : 'text-13 font-medium text-soft'}>
        {label}
      </label>
      {children({ id, 'aria-describedby': isDescribed ? `${id}-note` : undefined, 'aria-invalid': error ? true : undefined })}
      {isDescribed && (
        <p id={`${id}-note`} role={error ? 'alert' : undefined} className={classes('text-12', error ? 'text-conflict' : 'text-muted')}>
          {error || hint}
        </p>
      )}
    </div>
  )
}

export function Input({
  label,
  hint,
  error,
  isLabelHidden,
  className,
  ...rest
}: Around & InputHTMLAttributes<HTMLInputElement> & { ref?: Ref<HTMLInputElement> }) {
  return (
    <Field label={label} hint={hint} error={error} isLabelHidden={isLabelHidden}>
      {(ids) => <input {...ids} className={classes(CONTROL, 'h-9', className)} {...rest} />}
    </Field>
  )
}

export function TextArea({
  label,
  hint,
  error,
  isLabelHidden,
  className,
  ...rest
}: Around & TextareaHTMLAttributes<HTMLTextAreaElement>) {
  return (
    <Field label={label} hint={hint} error={error} isLabelHidden={isLabelHidden}>
      {(ids) => <textarea {...ids} rows={3} className={classes(CONTROL, 'py-2', className)} {...rest} />}
    </Field>
  )
}

/** The browser's own select: it is the best one on every device. */
export function Select({
  label,
  hint,
  error,
  isLabelHidden,
  className,
  children,
  ...rest
}: Around & SelectHTMLAttributes<HTMLSelectElement>) {
  return (
    <Field label={label} hint={hint} error={error} isLabelHidden={isLabelHidden}>
      {(ids) => (
        <select {...ids} className={classes(CONTROL, 'h-9 pr-8', className)} {...rest}>
          {children}
        </select>
      )}
    </Field>
  )
}
