import { queryOptions } from '@tanstack/react-query'
import { client, unwrap } from './client'

export const overviewQuery = () =>
  queryOptions({ queryKey: ['overview'], queryFn: ({ signal }) => unwrap(client.GET('/api/v1/analytics/overview', { signal })) })
