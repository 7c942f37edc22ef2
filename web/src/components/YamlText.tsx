import { Copy } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from './Button'
import { text } from './text'
import { showToast } from './toast'

/** A ruleset as it is written, to read and to take along. */
export function YamlText({ yaml, actions }: { yaml: string; actions?: ReactNode }) {
  const copy = () => void navigator.clipboard.writeText(yaml).then(() => showToast(text.copied))
  return (
    <>
      <div className="mb-2 flex justify-end gap-2">
        {actions}
        <Button size="small" icon={Copy} onClick={copy}>
          {text.copy}
        </Button>
      </div>
      {/* The text scrolls by itself, so the keyboard must reach it. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre tabIndex={0} aria-label={text.ruleset} className="max-h-96 overflow-auto rounded-md bg-sunken p-3 font-mono text-12">
        {yaml}
      </pre>
    </>
  )
}
