import type { ColumnOut, FileOut, JobOut, MemberOut, Overview, ProjectOut, RulesetOut, SessionOut, UserOut } from '@/api/generated'

const id = (kind: number, number: number) => `00000000-0000-4000-8000-${String(kind).padStart(4, '0')}${String(number).padStart(8, '0')}`

export function userOf(part: Partial<UserOut> = {}): UserOut {
  return { id: id(1, 1), email: 'ada@example.org', name: 'Ada Byron', is_administrator: true, created_at: '2026-01-05T08:00:00Z', ...part }
}

export function sessionOf(part: Partial<SessionOut> = {}): SessionOut {
  return { user: userOf(), csrf_token: 'csrf-of-ada', expires_at: '2030-01-01T00:00:00Z', ...part }
}

export function projectOf(number: number, part: Partial<ProjectOut> = {}): ProjectOut {
  return {
    id: id(2, number),
    name: `Project ${number}`,
    description: '',
    role: 'owner',
    created_at: '2026-01-05T08:00:00Z',
    file_count: 2,
    job_count: 1,
    last_job_at: '2026-02-02T09:12:00Z',
    open_suggestions: 0,
    ...part,
  }
}

export function jobOf(number: number, part: Partial<JobOut> = {}): JobOut {
  return {
    id: id(3, number),
    project_id: id(2, 1),
    project_name: 'House bank',
    name: `January ${number}`,
    status: 'done',
    left_file_id: id(4, 1),
    left_file_name: 'bank-2026-01.csv',
    right_file_id: id(4, 2),
    right_file_name: 'ledger-2026-01.xlsx',
    position: null,
    eta_seconds: null,
    progress: null,
    attempts: 1,
    error: null,
    created_by: 'Ada Byron',
    created_at: '2026-02-02T09:10:00Z',
    started_at: '2026-02-02T09:10:02Z',
    finished_at: '2026-02-02T09:12:00Z',
    suggested: 118,
    confirmed: 4_210,
    exceptions: 96,
    result_hash: 'a3f1',
    ...part,
  }
}

export function fileOf(number: number, part: Partial<FileOut> = {}): FileOut {
  return {
    id: id(4, number),
    project_id: id(2, 1),
    name: number % 2 ? 'bank-2026-01.csv' : 'ledger-2026-01.xlsx',
    size_bytes: 482_113,
    sha256: 'c0ffee',
    status: 'ready',
    format: number % 2 ? 'csv' : 'xlsx',
    encoding: number % 2 ? 'utf-8' : null,
    delimiter: number % 2 ? ';' : null,
    header_line: 1,
    rows_imported: 4_424,
    rows_rejected: 0,
    rows_skipped: 0,
    columns: [],
    warnings: [],
    questions: [],
    settled: [],
    reused: null,
    evidence: { conventions: [], proofs: [], notes: [], statements: [], statements_total: 0 },
    made_of: [],
    error: null,
    uploaded_by: 'Ada Byron',
    created_at: '2026-02-02T09:08:00Z',
    already_known: false,
    ...part,
  }
}

export function columnOf(name: string, role: string, part: Partial<ColumnOut> = {}): ColumnOut {
  return {
    name,
    type: role === 'amount' ? 'amount' : 'text',
    role,
    filled: 1,
    distinct: 10,
    minimum: null,
    maximum: null,
    samples: ['a', 'b'],
    patterns: [],
    duplicates: 0,
    outliers: 0,
    warnings: [],
    top_values: [],
    histogram: [],
    outlier_examples: [],
    ...part,
  }
}

export function memberOf(number: number, part: Partial<MemberOut> = {}): MemberOut {
  return { user_id: id(1, number), name: `Member ${number}`, email: `member${number}@example.org`, role: 'reviewer', joined_at: '2026-01-05T08:00:00Z', ...part }
}

export function rulesetOf(number: number, part: Partial<RulesetOut> = {}): RulesetOut {
  return {
    id: id(5, number),
    name: `Bank to ledger ${number}`,
    version: 1,
    version_id: id(6, number),
    yaml: 'passes: []',
    fields: [],
    passes: [{ name: 'Same reference', kind: 'exact', sentence: 'reference equal after cleaning and amount equal; one to one; confirm if unique', document: {} }],
    created_by: 'Ada Byron',
    created_at: '2026-01-20T08:00:00Z',
    ...part,
  }
}

export function overviewOf(part: Partial<Overview> = {}): Overview {
  return { waiting_suggestions: 0, open_exceptions: 0, projects: 0, running: [], recent: [], to_review: [], trend: [], ...part }
}
