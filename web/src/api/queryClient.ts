import { QueryClient } from '@tanstack/react-query'
import { ApiError } from './errors'

const RETRIES = 2

/** What the server knows, cached. A client error is an answer and not worth another try. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        gcTime: 10 * 60_000,
        refetchOnWindowFocus: true,
        retry: (failures, error) => failures < RETRIES && !(error instanceof ApiError && error.status < 500),
      },
      mutations: { retry: false },
    },
  })
}
