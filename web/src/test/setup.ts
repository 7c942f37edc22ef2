import '@testing-library/jest-dom/vitest'
import { createHash } from 'node:crypto'
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
Blob.prototype.arrayBuffer = function arrayBuffer() {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(reader.result as ArrayBuffer)
    reader.onerror = () => reject(new Error('The blob cannot be read.'))
    reader.readAsArrayBuffer(this)
  })
}
// Node's own hashing does not take jsdom's bytes; a page without it, as over plain http, does without.
Object.defineProperty(globalThis.crypto, 'subtle', { value: undefined })
// The only worker is the one that hashes files.
globalThis.Worker = class {
  onmessage: ((event: { data: { sha256: string } }) => void) | null = null
  postMessage(file: Blob) {
    void file.arrayBuffer().then((bytes) => this.onmessage?.({ data: { sha256: createHash('sha256').update(new Uint8Array(bytes)).digest('hex') } }))
  }
  terminate() {
    this.onmessage = null
  }
} as unknown as typeof Worker
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
