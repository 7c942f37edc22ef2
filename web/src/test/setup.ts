import '@testing-library/jest-dom/vitest'
import { cleanup, configure } from '@testing-library/react'
import { afterAll, afterEach, beforeAll } from 'vitest'
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
// jsdom lays nothing out: without a size a virtual list would have no row in view.
for (const [name, value] of [['clientWidth', 1200], ['clientHeight', 800]] as const) {
  Object.defineProperty(HTMLElement.prototype, name, { configurable: true, get: () => value })
}
// axe asks whether icons are letters of a font by drawing them.
HTMLCanvasElement.prototype.getContext = () => null
Element.prototype.scrollIntoView = () => undefined
Element.prototype.scrollTo = () => undefined
window.matchMedia = (media) =>
  ({ media, matches: media.includes('min-width'), addEventListener: () => undefined, removeEventListener: () => undefined }) as unknown as MediaQueryList
globalThis.ResizeObserver = class {
  observe() {}
  unobserve() {}
  disconnect() {}
}
// A page is a chunk that is compiled when a test first asks for it.
configure({ asyncUtilTimeout: 10_000 })

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
