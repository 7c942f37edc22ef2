/** One WebSocket for the page: topics, resume after the last sequence, reconnect with back-off. */

export type ServerMessage = Readonly<{
  topic: string
  sequence: number
  type: 'job.progress' | 'job.status' | 'file.status' | 'match.decided' | 'matches.decided' | 'refetch' | 'subscribed' | 'refused' | 'pong'
  data: Record<string, unknown>
}>
export type ConnectionState = 'idle' | 'connecting' | 'online' | 'offline'
type Listener = (message: ServerMessage) => void
type Topic = { listeners: Set<Listener>; sequence: number | undefined }

export type SocketOptions = {
  url: () => string
  open?: (url: string) => WebSocket
  backOffMilliseconds?: (attempt: number) => number
  pingMilliseconds?: number
}

export type Socket = {
  subscribe: (topic: string, listener: Listener) => () => void
  onState: (listener: (state: ConnectionState) => void) => () => void
  reconnect: () => void
  close: () => void
}

const doubling = (attempt: number) => Math.min(30_000, 500 * 2 ** attempt) * (0.75 + Math.random() / 2)

export function createSocket({
  url,
  open = (address) => new WebSocket(address),
  backOffMilliseconds = doubling,
  pingMilliseconds = 25_000,
}: SocketOptions): Socket {
  const topics = new Map<string, Topic>()
  const stateListeners = new Set<(state: ConnectionState) => void>()
  let connection: WebSocket | undefined
  let attempt = 0
  let retryTimer: ReturnType<typeof setTimeout> | undefined
  let pingTimer: ReturnType<typeof setInterval> | undefined
  let isAnswered = true

  const announce = (state: ConnectionState) => stateListeners.forEach((listener) => listener(state))
  const isOpen = () => connection?.readyState === 1
  const write = (message: object) => isOpen() && connection?.send(JSON.stringify(message))
  const ask = (name: string, topic: Topic) => write({ subscribe: name, ...(topic.sequence !== undefined && { after: topic.sequence }) })

  function connect() {
    if (connection) return
    clearTimeout(retryTimer)
    announce('connecting')
    const opened = open(url())
    connection = opened
    opened.onopen = () => {
      attempt = 0
      isAnswered = true
      announce('online')
      topics.forEach((topic, name) => ask(name, topic))
      pingTimer = setInterval(ping, pingMilliseconds)
    }
    opened.onmessage = (event) => receive(JSON.parse(String(event.data)) as ServerMessage)
    opened.onclose = () => {
      if (connection === opened) lose()
    }
  }

  function lose() {
    connection = undefined
    clearInterval(pingTimer)
    if (topics.size === 0) return announce('idle')
    announce('offline')
    retryTimer = setTimeout(connect, backOffMilliseconds(attempt))
    attempt += 1
  }

  /** A connection that no longer answers is a dead one that TCP has not noticed yet. */
  function ping() {
    if (!isAnswered) {
      const silent = connection
      lose()
      silent?.close()
      return
    }
    isAnswered = false
    write({ ping: 1 })
  }

  function receive(message: ServerMessage) {
    isAnswered = true
    const topic = topics.get(message.topic)
    if (!topic || message.type === 'pong') return
    const isEvent = message.type !== 'subscribed' && message.type !== 'refused' && message.type !== 'refetch'
    if (isEvent && topic.sequence !== undefined && message.sequence <= topic.sequence) return
    topic.sequence = message.sequence
    topic.listeners.forEach((listener) => listener(message))
  }

  return {
    subscribe(name, listener) {
      const topic = topics.get(name) ?? { listeners: new Set<Listener>(), sequence: undefined }
      const isNew = !topics.has(name)
      topics.set(name, topic)
      topic.listeners.add(listener)
      if (isOpen() && isNew) ask(name, topic)
      else connect()
      return () => {
        topic.listeners.delete(listener)
        if (topic.listeners.size > 0 || topics.get(name) !== topic) return
        topics.delete(name)
        write({ unsubscribe: name })
      }
    },
    onState(listener) {
      stateListeners.add(listener)
      return () => stateListeners.delete(listener)
    },
    reconnect() {
      attempt = 0
      if (topics.size > 0) connect()
    },
    close() {
      topics.clear()
      clearTimeout(retryTimer)
      clearInterval(pingTimer)
      const last = connection
      connection = undefined
      last?.close()
      announce('idle')
    },
  }
}

export const socket = createSocket({
  url: () => `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/v1/ws`,
})
