import { useBoundCommands, type BoundCommand } from '@/lib/commands'
import { Dialog } from './Dialog'
import { Kbd } from './Kbd'
import { text } from './text'

/** What the keys do on the page as it is now. */
export function KeyHelp({ onClose }: { onClose: () => void }) {
  const withKeys = shownKeys(useBoundCommands())
  const groups = new Map<string, typeof withKeys>()
  for (const one of withKeys) groups.set(one.group ?? text.page, [...(groups.get(one.group ?? text.page) ?? []), one])
  return (
    <Dialog isOpen title={text.keysTitle} onClose={onClose}>
      <div className="grid gap-x-10 gap-y-6 tablet:grid-cols-2">
        {[...groups].reverse().map(([group, commands]) => (
          <section key={group}>
            <h3 className="mb-2 text-12 font-medium text-muted">{group}</h3>
            <dl className="flex flex-col">
              {commands.map((one) => (
                <div key={one.id} className="flex h-8 items-center justify-between gap-4 border-b border-line text-13 last:border-b-0">
                  <dt>{one.label}</dt>
                  <dd>
                    <Kbd shortcut={one.key ?? ''} />
                    <span className="sr-only">{one.key}</span>
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}

/** A key that two commands ask for does what the later one says. */
function shownKeys(commands: readonly BoundCommand[]): BoundCommand[] {
  return commands.filter((one, index) => one.key && !commands.slice(index + 1).some((later) => later.key === one.key))
}
