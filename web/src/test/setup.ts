import '@testing-library/jest-dom/vitest'
import { cleanup } from '@testing-library/react'
import { afterAll, afterEach, beforeAll, vi } from 'vitest'
import { rememberSession } from '@/api/client'
import { socket } from '@/api/socket'
import { resetWorld, server } from './server'

// What jsdom lacks and every browser has.
HTMLDialogElement.prototype.showModal = function showModal() {
  this.setAttribute('open', '')
}
HTMLDialogElement.prototype.close = function close() {
  this.removeAttribute('open')
}
Element.prototype.scrollIntoView = () => undefined
Element.prototype.scrollTo = () => undefined
window.matchMedia = (media) =>
  ({ media, matches: false, addEventListener: () => undefined, removeEventListener: () => undefined }) as unknown as MediaQueryList
globalThis.ResizeObserver = class {
  observe() {}
  unobserve() {}
  disconnect() {}
}
// No test opens a real connection; what the socket does is tested by itself.
vi.stubGlobal(
  'WebSocket',
  class {
    readyState = 0
    send() {}
    close() {}
  },
)

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }))
afterEach(() => {
  cleanup()
  server.resetHandlers()
  resetWorld()
  rememberSession(null)
  socket.close()
  localStorage.clear()
})
afterAll(() => server.close())
