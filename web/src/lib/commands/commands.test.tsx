import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it, vi } from 'vitest'
import { ariaKey, command, keyParts, useCommands, useKeyboard, type Command } from '.'

type Context = { done: (what: string) => void }
const does = (key: string, what = key, rest: Partial<Command<Context>> = {}) =>
  command<Context>({ id: what, label: what, key, run: ({ done }) => done(what), ...rest })

function Page({ commands, done }: { commands: readonly Command<Context>[]; done: Context['done'] }) {
  useKeyboard()
  useCommands(commands, { done })
  return <input aria-label="Note" />
}

function press(commands: readonly Command<Context>[]) {
  const done = vi.fn<Context['done']>()
  render(<Page commands={commands} done={done} />)
  return { done, user: userEvent.setup() }
}

describe('the keyboard', () => {
  it('runs the command of a key', async () => {
    const { done, user } = press([does('a')])
    await user.keyboard('a')
    expect(done).toHaveBeenCalledExactlyOnceWith('a')
  })
  it('runs a sequence, and not its second key alone', async () => {
    const { done, user } = press([does('g h'), does('h', 'help')])
    await user.keyboard('gh')
    expect(done.mock.calls).toEqual([['g h']])
    await user.keyboard('h')
    expect(done).toHaveBeenLastCalledWith('help')
  })
  it('leaves plain keys to whoever is typing, but not those with Ctrl', async () => {
    const { done, user } = press([does('a'), does('mod+k', 'palette')])
    await user.click(screen.getByLabelText('Note'))
    await user.keyboard('a{Control>}k{/Control}')
    expect(screen.getByLabelText('Note')).toHaveValue('a')
    expect(done.mock.calls).toEqual([['palette']])
  })
  it('skips a command that does not apply now', async () => {
    const { done, user } = press([does('a', 'outer'), does('a', 'inner', { enabled: () => false })])
    await user.keyboard('a')
    expect(done).toHaveBeenCalledExactlyOnceWith('outer')
  })
  it('knows signs that need Shift by the sign alone', async () => {
    const { done, user } = press([does('?')])
    await user.keyboard('{Shift>}?{/Shift}')
    expect(done).toHaveBeenCalledOnce()
  })
})

it('writes keys for people and for screen readers', () => {
  expect(keyParts('mod+k')).toEqual(['Ctrl', 'K'])
  expect(ariaKey('mod+k')).toBe('Control+K')
  expect(keyParts('g h')).toEqual(['G', 'H'])
})
