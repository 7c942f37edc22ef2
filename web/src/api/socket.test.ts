import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createSocket, type ConnectionState, type ServerMessage } from './socket'

/** The other end of the line. */
class FakeSocket {
  static all: FakeSocket[] = []
  readyState = 0
  sent: Record<string, unknown>[] = []
  onopen?: () => void
  onclose?: () => void
  onmessage?: (event: { data: string }) => void
  constructor() {
    FakeSocket.all.push(this)
  }
  send(text: string) {
    this.sent.push(JSON.parse(text) as Record<string, unknown>)
  }
  close() {
    this.readyState = 3
    this.onclose?.()
  }
  accept() {
    this.readyState = 1
    this.onopen?.()
  }
  say(sequence: number, type: ServerMessage['type'] = 'job.progress', topic = 'job:1') {
    this.onmessage?.({ data: JSON.stringify({ topic, sequence, type, data: { sequence } }) })
  }
}

const latest = () => FakeSocket.all.at(-1) as FakeSocket

function connected() {
  const states: ConnectionState[] = []
  const heard: number[] = []
  const socket = createSocket({
    url: () => 'ws://test',
    open: () => new FakeSocket() as unknown as WebSocket,
    backOffMilliseconds: (attempt) => 100 * 2 ** attempt,
    pingMilliseconds: 1000,
  })
  socket.onState((state) => states.push(state))
  const leave = socket.subscribe('job:1', (message) => heard.push(message.sequence))
  latest().accept()
  return { socket, states, heard, leave }
}

beforeEach(() => {
  vi.useFakeTimers()
  FakeSocket.all = []
})
afterEach(() => vi.useRealTimers())

describe('the socket', () => {
  it('opens with the first topic and asks for it', () => {
    const { states } = connected()
    expect(states).toEqual(['connecting', 'online'])
    expect(latest().sent).toEqual([{ subscribe: 'job:1' }])
  })

  it('comes back after a loss and asks for what came after the last message it has', () => {
    const { states, heard } = connected()
    latest().say(7)
    latest().close()
    vi.advanceTimersByTime(100)
    latest().accept()
    expect(latest().sent).toEqual([{ subscribe: 'job:1', after: 7 }])
    expect(states).toEqual(['connecting', 'online', 'offline', 'connecting', 'online'])
    latest().say(8)
    expect(heard).toEqual([7, 8])
  })

  it('hears a message that comes twice once', () => {
    const { heard } = connected()
    latest().say(7)
    latest().say(7)
    latest().say(6)
    expect(heard).toEqual([7])
  })

  it('passes on that the server has forgotten, whatever the sequence', () => {
    const { heard } = connected()
    latest().say(7)
    latest().say(2, 'refetch')
    latest().say(3)
    expect(heard).toEqual([7, 2, 3])
  })

  it('waits longer with each failure', () => {
    connected()
    latest().close()
    vi.advanceTimersByTime(100)
    latest().close()
    vi.advanceTimersByTime(199)
    expect(FakeSocket.all).toHaveLength(2)
    vi.advanceTimersByTime(1)
    expect(FakeSocket.all).toHaveLength(3)
  })

  it('takes a connection that answers no ping for lost', () => {
    const { states } = connected()
    vi.advanceTimersByTime(2000)
    expect(states.at(-1)).toBe('offline')
    vi.advanceTimersByTime(100)
    expect(FakeSocket.all).toHaveLength(2)
  })

  it('leaves a topic when the last listener has gone', () => {
    const { socket, leave } = connected()
    const leaveToo = socket.subscribe('job:1', () => undefined)
    leave()
    expect(latest().sent).toHaveLength(1)
    leaveToo()
    expect(latest().sent.at(-1)).toEqual({ unsubscribe: 'job:1' })
  })

  it('stays closed after it was closed', () => {
    const { socket, states } = connected()
    socket.close()
    vi.advanceTimersByTime(60_000)
    expect(FakeSocket.all).toHaveLength(1)
    expect(states.at(-1)).toBe('idle')
  })
})
