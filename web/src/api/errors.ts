/** RFC 9457 problem details as the back end answers them. */
export type Problem = Readonly<{
  title: string
  status: number
  detail: string
  request_id?: string
  [member: string]: unknown
}>

/** An answer that is not 2xx. `message` is the sentence for the user. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  constructor(readonly problem: Problem) {
    super(problem.detail)
  }
  get status(): number {
    return this.problem.status
  }
  get requestId(): string | undefined {
    return this.problem.request_id
  }
}

/** The server was not reached at all. */
export class OfflineError extends Error {
  override readonly name = 'OfflineError'
}

type Validation = { loc?: unknown[]; msg?: string }

/** The problem in an answer's body; an answer without one (a proxy's page, say) is put into the same words. */
export function problemOf(response: Response, body: unknown): Problem {
  const fields = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
  return {
    ...fields,
    status: response.status,
    title: typeof fields.title === 'string' ? fields.title : response.statusText || `Error ${response.status}`,
    detail: detailOf(fields.detail, response.status),
    request_id: typeof fields.request_id === 'string' ? fields.request_id : (response.headers.get('X-Request-ID') ?? undefined),
  }
}

function detailOf(detail: unknown, status: number): string {
  if (typeof detail === 'string' && detail !== '') return detail
  if (Array.isArray(detail)) {
    return (detail as Validation[]).map((one) => `${String(one.loc?.at(-1) ?? 'value')}: ${one.msg ?? 'not valid'}`).join('. ')
  }
  return `The server answered ${status} without saying why. Try again; if it stays, tell whoever runs this platform.`
}
