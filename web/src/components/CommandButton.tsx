import type { Command } from '@/lib/commands'
import { Button, type ButtonProps } from './Button'

/** The button of a command: its label, its key and what it does come from the command. */
export function CommandButton<Context>({
  command,
  context,
  ...rest
}: { command: Command<Context>; context: Context } & Omit<ButtonProps, 'onClick' | 'shortcut' | 'children'>) {
  return (
    <Button
      icon={command.icon}
      shortcut={command.key}
      disabled={command.enabled ? !command.enabled(context) : false}
      onClick={() => command.run(context)}
      {...rest}
    >
      {command.label}
    </Button>
  )
}
