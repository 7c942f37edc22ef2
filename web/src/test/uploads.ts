import { http, HttpResponse } from 'msw'
import type { FileOut, UploadOut } from '@/api/generated'
import { fileOf, projectOf } from './fixtures'
import { problem, world } from './server'

/** Uploads that a test's back end knows, with the chunks it was sent as `[offset, bytes]`. */
export type UploadWorld = { uploads: UploadOut[]; chunks: [number, number][]; finished: FileOut[] }

export function uploadOf(number: number, part: Partial<UploadOut> = {}): UploadOut {
  const id = `00000000-0000-4000-8000-0007${String(number).padStart(8, '0')}`
  const [name, size_bytes] = ['bank-2026-01.csv', 8]
  return { id, project_id: projectOf(1).id, name, size_bytes, modified_ms: 0, offset: 0, chunk_bytes_max: 16 * 1024 ** 2, file_id: null, created_at: '2026-02-02T09:00:00Z', expires_at: '2026-02-05T09:00:00Z', ...part }
}

/** A back end that takes uploads as ours does. A finished one is the file of `world` with its name, or a new one. */
export function uploadHandlers(): { known: UploadWorld; handlers: ReturnType<typeof http.get>[] } {
  const known: UploadWorld = { uploads: [], chunks: [], finished: [] }
  const found = (id: unknown) => known.uploads.find((one) => one.id === id)
  const handlers = [
    http.get('*/api/v1/projects/:project/uploads', () => HttpResponse.json(known.uploads)),
    http.post('*/api/v1/projects/:project/uploads', async ({ request }) => {
      const body = (await request.json()) as Pick<UploadOut, 'name' | 'size_bytes' | 'modified_ms'>
      const open = known.uploads.find((one) => one.name === body.name && one.size_bytes === body.size_bytes)
      if (open) return HttpResponse.json(open, { status: 200 })
      const upload = uploadOf(known.uploads.length + 1, body)
      known.uploads.push(upload)
      return HttpResponse.json(upload, { status: 201 })
    }),
    http.get('*/api/v1/uploads/:id', ({ params }) => HttpResponse.json(found(params.id))),
    http.patch('*/api/v1/uploads/:id', async ({ params, request }) => {
      const upload = found(params.id)
      if (!upload) return problem(404, 'There is no such upload.')
      const offset = Number(request.headers.get('Upload-Offset'))
      if (offset !== upload.offset) {
        return HttpResponse.json({ title: 'Conflict', status: 409, detail: 'Go on from there.', offset: upload.offset }, { status: 409 })
      }
      const bytes = (await request.arrayBuffer()).byteLength
      known.chunks.push([offset, bytes])
      Object.assign(upload, { offset: offset + bytes })
      return HttpResponse.json(upload)
    }),
    http.post('*/api/v1/uploads/:id/finish', ({ params }) => {
      const upload = found(params.id)
      if (!upload) return problem(404, 'There is no such upload.')
      known.uploads = known.uploads.filter((one) => one !== upload)
      const file = world.files.find((one) => one.name === upload.name) ?? fileOf(9, { name: upload.name, size_bytes: upload.size_bytes })
      known.finished.push(file)
      return HttpResponse.json(file, { status: 201 })
    }),
    http.delete('*/api/v1/uploads/:id', ({ params }) => {
      known.uploads = known.uploads.filter((one) => one.id !== params.id)
      return new HttpResponse(null, { status: 204 })
    }),
  ]
  return { known, handlers }
}
