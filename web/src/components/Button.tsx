import type { LucideIcon } from 'lucide-react'
import type { ButtonHTMLAttributes, Ref } from 'react'
import { Link, type LinkProps } from 'react-router'
import { classes } from '@/lib/classes'
import { ariaKey } from '@/lib/commands'
import { Kbd } from './Kbd'
import { Tooltip } from './Tooltip'

export type ButtonTone = 'primary' | 'secondary' | 'quiet' | 'danger'
export type ButtonSize = 'small' | 'medium' | 'large'

const TONES: Record<ButtonTone, string> = {
  primary: 'bg-accent-fill text-on-fill border-transparent hover:bg-accent-fill-hover',
  secondary: 'bg-surface text-ink border-line-strong hover:bg-sunken',
  quiet: 'bg-transparent text-soft border-transparent hover:bg-sunken hover:text-ink',
  danger: 'bg-surface text-conflict border-line-strong hover:bg-conflict-soft',
}
const SIZES: Record<ButtonSize, string> = {
  small: 'h-7 px-2 text-13 gap-1.5',
  medium: 'h-8 px-3 text-13 gap-2',
  large: 'h-10 px-4 text-14 gap-2',
}
const SHAPE =
  'inline-flex shrink-0 items-center justify-center rounded-md border font-medium whitespace-nowrap transition-colors duration-100 disabled:opacity-50 disabled:cursor-not-allowed'

type Look = { tone?: ButtonTone; size?: ButtonSize; icon?: LucideIcon }

export type ButtonProps = ButtonHTMLAttributes<HTMLButtonElement> &
  Look & { shortcut?: string; isBusy?: boolean; ref?: Ref<HTMLButtonElement> }

/** `shortcut` is shown and announced; the key itself is bound by a command. */
export function Button({
  tone = 'secondary',
  size = 'medium',
  icon: Icon,
  shortcut,
  isBusy = false,
  className,
  children,
  disabled,
  type = 'button',
  ...rest
}: ButtonProps) {
  return (
    <button
      type={type}
      disabled={disabled || isBusy}
      aria-busy={isBusy || undefined}
      aria-keyshortcuts={shortcut && ariaKey(shortcut)}
      className={classes(SHAPE, TONES[tone], SIZES[size], className)}
      {...rest}
    >
      {Icon && <Icon aria-hidden size={size === 'large' ? 18 : 16} strokeWidth={1.75} />}
      {children}
      {shortcut && <Kbd shortcut={shortcut} isOnFill={tone === 'primary'} />}
    </button>
  )
}

/** A link that looks like a button, for what leads to another page. */
export function ButtonLink({ tone = 'secondary', size = 'medium', icon: Icon, className, children, ...rest }: LinkProps & Look) {
  return (
    <Link className={classes(SHAPE, TONES[tone], SIZES[size], className)} {...rest}>
      {Icon && <Icon aria-hidden size={size === 'large' ? 18 : 16} strokeWidth={1.75} />}
      {children}
    </Link>
  )
}

export type IconButtonProps = Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'children'> & {
  icon: LucideIcon
  label: string
  shortcut?: string
  size?: 'small' | 'medium'
  ref?: Ref<HTMLButtonElement>
}

/** A button that is only an icon: its name is in the tooltip and for the screen reader. */
export function IconButton({ icon: Icon, label, shortcut, size = 'medium', className, type = 'button', ...rest }: IconButtonProps) {
  return (
    <Tooltip label={label} shortcut={shortcut}>
      <button
        type={type}
        aria-label={label}
        aria-keyshortcuts={shortcut && ariaKey(shortcut)}
        className={classes(
          'inline-flex shrink-0 items-center justify-center rounded-md text-muted transition-colors duration-100 hover:bg-sunken hover:text-ink disabled:opacity-50',
          size === 'small' ? 'size-7' : 'size-8',
          className,
        )}
        {...rest}
      >
        <Icon aria-hidden size={16} strokeWidth={1.75} />
      </button>
    </Tooltip>
  )
}
