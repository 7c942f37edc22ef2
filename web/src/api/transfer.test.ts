import { http, HttpResponse } from 'msw'
import { createHash } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'

import { fileOf } from '@/test/fixtures'
import { problem, server, world } from '@/test/server'
import { uploadHandlers, uploadOf, type UploadWorld } from '@/test/uploads'

import { transfer, type TransferState } from './transfer'

const PROJECT = fileOf(1).project_id
const CONTENT = 'a;b\n1;2\n'.repeat(200_000)
const CHUNK = 1024 ** 2
const csv = () => new File([CONTENT], 'bank.csv', { lastModified: 1_767_000_000_000 })

let known: UploadWorld

beforeEach(() => {
  const made = uploadHandlers()
  known = made.known
  server.use(...made.handlers)
})

function run(signal = new AbortController().signal) {
  const states: TransferState[] = []
  return { states, ended: transfer(PROJECT, csv(), { signal, onState: (state) => states.push(state) }) }
}

describe('a transfer', () => {
  it('sends a file in chunks and gets it back verified', async () => {
    const { states, ended } = run()
    expect((await ended).name).toBe('bank.csv')
    expect(known.chunks[0]).toEqual([0, CHUNK])
    expect(known.chunks.reduce((sum, [, bytes]) => sum + bytes, 0)).toBe(CONTENT.length)
    expect(states.at(-1)).toMatchObject({ sentBytes: CONTENT.length, isWaiting: false })
  })

  it('goes on where the server has come to', async () => {
    known.uploads.push(uploadOf(1, { name: 'bank.csv', size_bytes: CONTENT.length, offset: 1_000_000 }))
    await run().ended
    expect(known.chunks).toEqual([[1_000_000, CONTENT.length - 1_000_000]])
  })

  it('waits out a lost connection and asks how far it came', async () => {
    server.use(http.patch('*/api/v1/uploads/:id', () => HttpResponse.error(), { once: true }))
    const { states, ended } = run()
    await ended
    expect(states.some((state) => state.isWaiting)).toBe(true)
    expect(known.chunks[0]).toEqual([0, CHUNK])
  })

  it('sends a chunk where the server wants it', async () => {
    known.uploads.push(uploadOf(1, { name: 'bank.csv', size_bytes: CONTENT.length }))
    server.use(
      http.patch('*/api/v1/uploads/:id', () => {
        Object.assign(known.uploads[0] ?? {}, { offset: 500_000 })
        return HttpResponse.json({ title: 'Conflict', status: 409, detail: 'Go on from there.', offset: 500_000 }, { status: 409 })
      }, { once: true }),
    )
    await run().ended
    expect(known.chunks[0]?.[0]).toBe(500_000)
  })

  it('does not send what the project has', async () => {
    world.files = [fileOf(3, { sha256: createHash('sha256').update(CONTENT).digest('hex') })]
    expect(await run().ended).toMatchObject({ id: fileOf(3).id, already_known: true })
    expect(known.uploads).toEqual([])
  })

  it('stops when it is paused and keeps what was sent', async () => {
    const control = new AbortController()
    const first = transfer(PROJECT, csv(), { signal: control.signal, onState: ({ sentBytes }) => sentBytes >= CHUNK && control.abort() })
    await expect(first).rejects.toHaveProperty('name', 'AbortError')
    expect(known.uploads[0]?.offset).toBe(CHUNK)
    await run().ended
    expect(known.chunks.map(([offset]) => offset)).toEqual([0, CHUNK])
  })

  it('says what the server says about the file itself', async () => {
    server.use(http.post('*/api/v1/projects/:project/uploads', () => problem(413, 'The file is larger than the limit of 10 bytes.')))
    await expect(run().ended).rejects.toThrow('The file is larger than the limit of 10 bytes.')
  })
})
