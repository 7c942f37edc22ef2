import { useBoundCommands } from '@/lib/commands'
import { Dialog } from './Dialog'
import { Kbd } from './Kbd'
import { text } from './text'

/** What the keys do on the page as it is now. */
export function KeyHelp({ onClose }: { onClose: () => void }) {
  const withKeys = useBoundCommands().filter((one) => one.key)
  const groups = new Map<string, typeof withKeys>()
  for (const one of withKeys) groups.set(one.group ?? 'Page', [...(groups.get(one.group ?? 'Page') ?? []), one])
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
