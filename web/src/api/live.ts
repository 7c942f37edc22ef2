import { useQueryClient, type QueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { FileOut, JobOut } from './generated'
import { jobQuery } from './jobs'
import { fileQuery } from './files'
import { socket, type ServerMessage } from './socket'

/** Listen to a topic while the calling component is on the screen. `listener` should not change with every render. */
export function useTopic(topic: string | null, listener: (message: ServerMessage) => void): void {
  useEffect(() => (topic === null ? undefined : socket.subscribe(topic, listener)), [topic, listener])
}

/** Keep a job in the query cache in step with the worker. */
export function useLiveJob(jobId: string): void {
  const queries = useQueryClient()
  useEffect(() => socket.subscribe(`job:${jobId}`, (message) => applyToJob(queries, jobId, message)), [queries, jobId])
}

/** Keep the files and jobs of a project in step. */
export function useLiveProject(projectId: string | null): void {
  const queries = useQueryClient()
  useEffect(() => {
    if (projectId === null) return
    return socket.subscribe(`project:${projectId}`, (message) => applyToProject(queries, projectId, message))
  }, [queries, projectId])
}

/** Keep what concerns the signed-in user in step: the lounge and the overview. */
export function useLiveUser(isSignedIn: boolean): void {
  const queries = useQueryClient()
  useEffect(() => {
    if (!isSignedIn) return
    return socket.subscribe('user', (message) => {
      if (message.type === 'job.status' || message.type === 'refetch') refreshLists(queries)
    })
  }, [queries, isSignedIn])
}

function applyToJob(queries: QueryClient, jobId: string, message: ServerMessage): void {
  const { queryKey } = jobQuery(jobId)
  if (message.type === 'job.progress' || message.type === 'job.status') {
    const part = message.data as Partial<JobOut>
    queries.setQueryData(queryKey, (job) => job && { ...job, ...part, progress: part.progress ?? job.progress })
  }
  // A new status changes all that hangs on the job; a decision only its counts: the review keeps its own lists.
  // Many matches decided at once change every list of the job as well.
  if (message.type === 'job.status' || message.type === 'matches.decided' || message.type === 'refetch') void queries.invalidateQueries({ queryKey })
  if (message.type === 'match.decided') void queries.invalidateQueries({ queryKey, exact: true })
}

function applyToProject(queries: QueryClient, projectId: string, message: ServerMessage): void {
  if (message.type === 'file.status' && typeof message.data.id === 'string') {
    const part = message.data as Partial<FileOut> & { id: string }
    queries.setQueryData(fileQuery(part.id).queryKey, (file) => file && { ...file, ...part })
    void queries.invalidateQueries({ queryKey: fileQuery(part.id).queryKey })
  }
  if (message.type === 'file.status' || message.type === 'refetch') {
    void queries.invalidateQueries({ queryKey: ['project', projectId, 'files'] })
  }
  if (message.type === 'job.status' || message.type === 'refetch') {
    void queries.invalidateQueries({ queryKey: ['project', projectId] })
    refreshLists(queries)
  }
}

function refreshLists(queries: QueryClient): void {
  void queries.invalidateQueries({ queryKey: ['lounge'] })
  void queries.invalidateQueries({ queryKey: ['overview'] })
}
