import { useId } from 'react'
import { Card } from '@/components/Card'
import { classes } from '@/lib/classes'
import { useAppDispatch, useAppSelector } from '@/state'
import { THEMES, themeChosen, type Theme } from '@/state/theme'
import { text } from './text'

/** Light, dark, or as the system has it; each choice drawn in its own colours. */
export function Appearance() {
  const name = useId()
  const dispatch = useAppDispatch()
  const chosen = useAppSelector((state) => state.theme.chosen)
  return (
    <Card title={text.appearance}>
      <fieldset>
        <legend className="mb-3 text-12 text-muted">{text.appearanceHint}</legend>
        <div className="grid gap-3 tablet:grid-cols-3">
          {THEMES.map((theme) => (
            <label
              key={theme}
              className={classes(
                'cursor-pointer rounded-md border p-2 has-focus-visible:outline-2 has-focus-visible:outline-accent',
                theme === chosen ? 'border-accent bg-accent-soft' : 'border-line hover:border-line-strong',
              )}
            >
              <input
                type="radio"
                name={name}
                value={theme}
                checked={theme === chosen}
                onChange={() => dispatch(themeChosen(theme))}
                className="sr-only"
              />
              <Miniature theme={theme} />
              <span className={classes('mt-2 block px-1 text-13 font-medium', theme === chosen && 'text-accent')}>{text.themes[theme]}</span>
            </label>
          ))}
        </div>
      </fieldset>
    </Card>
  )
}

function Miniature({ theme }: { theme: Theme }) {
  const halves = theme === 'system' ? (['light', 'dark'] as const) : [theme]
  return (
    <span aria-hidden className="flex h-20 overflow-hidden rounded-sm border border-line">
      {halves.map((half) => (
        <span key={half} data-theme={half} className="flex flex-1 gap-2 bg-canvas p-2">
          <span className="w-3 rounded-[2px] bg-accent-fill" />
          <span className="flex flex-1 flex-col gap-1.5 rounded-[2px] border border-line bg-surface p-1.5">
            <span className="h-1.5 w-2/3 rounded-full bg-ink" />
            <span className="h-1.5 w-1/2 rounded-full bg-line-strong" />
            <span className="mt-auto h-1.5 w-full rounded-full bg-matched-solid" />
          </span>
        </span>
      ))}
    </span>
  )
}
