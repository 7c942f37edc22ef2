import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { client, unwrap } from './client'
import type { MemberAdd, MemberChange, ProjectChange, ProjectCreate } from './generated'
import { nextCursor, PAGE_SIZE } from './paging'

export const projectsQuery = () =>
  infiniteQueryOptions({
    queryKey: ['projects'],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      unwrap(client.GET('/api/v1/projects', { params: { query: { cursor: pageParam, limit: PAGE_SIZE } }, signal })),
    getNextPageParam: nextCursor,
  })

export const projectQuery = (projectId: string) =>
  queryOptions({
    queryKey: ['project', projectId],
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/projects/{project_id}', { params: { path: { project_id: projectId } }, signal })),
  })

export const membersQuery = (projectId: string) =>
  queryOptions({
    queryKey: ['project', projectId, 'members'],
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/projects/{project_id}/members', { params: { path: { project_id: projectId } }, signal })),
  })

export const createProject = (body: ProjectCreate) => unwrap(client.POST('/api/v1/projects', { body }))
export const createDemoProject = () => unwrap(client.POST('/api/v1/projects/demo'))
export const changeProject = (projectId: string, body: ProjectChange) =>
  unwrap(client.PATCH('/api/v1/projects/{project_id}', { params: { path: { project_id: projectId } }, body }))
export const deleteProject = (projectId: string) =>
  unwrap(client.DELETE('/api/v1/projects/{project_id}', { params: { path: { project_id: projectId } } }))
export const addMember = (projectId: string, body: MemberAdd) =>
  unwrap(client.POST('/api/v1/projects/{project_id}/members', { params: { path: { project_id: projectId } }, body }))
export const changeMember = (projectId: string, userId: string, body: MemberChange) =>
  unwrap(client.PATCH('/api/v1/projects/{project_id}/members/{user_id}', { params: { path: { project_id: projectId, user_id: userId } }, body }))
export const removeMember = (projectId: string, userId: string) =>
  unwrap(client.DELETE('/api/v1/projects/{project_id}/members/{user_id}', { params: { path: { project_id: projectId, user_id: userId } } }))
