import { QueryClientProvider, useQuery } from '@tanstack/react-query'
import { render, screen } from '@testing-library/react'
import { ws } from 'msw'
import { describe, expect, it } from 'vitest'
import { jobOf } from '@/test/fixtures'
import { server, world } from '@/test/server'
import { jobQuery } from './jobs'
import { useLiveJob } from './live'
import { createQueryClient } from './queryClient'

const job = jobOf(1, { status: 'running', progress: { sequence: 1, stage: 'read', fraction: 0.1, done: 1, total: 10, message: '' } })
const back = ws.link('ws://localhost/api/v1/ws')

function Watched() {
  useLiveJob(job.id)
  const { data } = useQuery(jobQuery(job.id))
  return (
    <p>
      {data?.status} {data?.progress?.stage} {data?.confirmed}
    </p>
  )
}

function watch() {
  render(
    <QueryClientProvider client={createQueryClient()}>
      <Watched />
    </QueryClientProvider>,
  )
}

/** A back end that says something whenever the test lets it. */
function talkingBackEnd() {
  server.use(back.addEventListener('connection', () => undefined))
  return (sequence: number, type: string, data: object) => back.broadcast(JSON.stringify({ topic: `job:${job.id}`, sequence, type, data }))
}

describe('a job on the screen', () => {
  it('moves with each message, without asking the server again', async () => {
    const say = talkingBackEnd()
    world.jobs = [job]
    watch()
    await screen.findByText('running read 4210')
    world.jobs = []
    say(2, 'job.progress', { progress: { ...job.progress, sequence: 2, stage: 'compare' } })
    expect(await screen.findByText('running compare 4210')).toBeVisible()
  })

  it('is read whole when its status changes, for a message has only a part of it', async () => {
    const say = talkingBackEnd()
    world.jobs = [job]
    watch()
    await screen.findByText('running read 4210')
    world.jobs = [{ ...job, status: 'done', confirmed: 5000 }]
    say(3, 'job.status', { status: 'done' })
    expect(await screen.findByText('done read 5000')).toBeVisible()
  })
})
