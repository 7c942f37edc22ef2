/** A finished reconciliation for tests: builders of what the back end answers, and a small back end that keeps decisions. */

import { http, HttpResponse } from 'msw'
import type { BulkDecisionOut, CalibrationOut, ChangeOut, DecisionOut, DifferenceOut, ErrorBudgetOut, ExceptionDetail, ExceptionRow, JobSummary, MatchDetail, MatchRow, Proposal } from '@/api/generated'
import { jobOf } from './fixtures'
import { problem } from './server'

const NAMES = ['Acme GmbH', 'Beta ApS', 'Zürich Re', 'Mohammed Ali', 'Nordwind AG', 'O’Brien & Sons', 'Łódź Tekstil', 'Café Müller']
const nameOf = (number: number) => NAMES[number % NAMES.length] ?? ''

export function matchOf(number: number, part: Partial<MatchRow> = {}): MatchRow {
  return {
    match_id: number,
    status: 'suggested',
    confidence: Math.max(0.5, 0.97 - number * 0.003),
    method: 'ml',
    pass_name: 'Learned linkage',
    left_count: 1,
    right_count: 1,
    left_label: `${nameOf(number).toUpperCase()} RE ${1928 + number}`,
    right_label: nameOf(number),
    reference: `INV-2026-${String(1928 + number).padStart(6, '0')}`,
    amount: `${1200 + number}.00`,
    residual: number % 3 === 0 ? '-1.50' : '0.00',
    residual_reason: number % 3 === 0 ? 'fee' : null,
    currency: 'EUR',
    value_date: '2026-01-02',
    ambiguous: number % 7 === 2,
    reason: number % 7 === 2 ? 'Two candidates are equally good.' : null,
    decided_by: null,
    decided_at: null,
    version: 1,
    ...part,
  }
}

export function detailOf(match: MatchRow, decisions: DecisionOut[] = []): MatchDetail {
  const amount = match.amount ?? '0.00'
  const members = Array.from({ length: match.right_count }, (_, index) => ({
    side: 'right' as const,
    row: match.match_id + index,
    values: { posted: '2025-12-31', amount: index === 0 ? amount : '0.00', customer: match.right_label, document: match.reference },
  }))
  return {
    match,
    left: [{ side: 'left', row: match.match_id, values: { Datum: '2026-01-02', Betrag: amount, Text: match.left_label, Referenz: match.reference?.replaceAll('-', '') ?? null } }],
    right: members,
    fields: [
      { name: 'date', role: 'value_date', left: '2026-01-02', right: '2025-12-31', verdict: 'similar' },
      { name: 'amount', role: 'amount', left: amount, right: match.residual === '-1.50' ? `${Number(amount) + 1.5}0` : amount, verdict: match.residual === '-1.50' ? 'similar' : 'equal' },
      { name: 'counterparty', role: 'organisation', left: match.left_label, right: match.right_label, verdict: 'similar' },
      { name: 'reference', role: 'reference', left: match.reference?.replaceAll('-', '') ?? null, right: match.reference, verdict: 'similar' },
      { name: 'city', role: 'city', left: null, right: 'Zürich', verdict: 'missing' },
    ],
    prior_bits: -7.2,
    evidence: [
      { field: 'amount', outcome: 'fee-like difference', weight_bits: -0.8, left_value: amount, right_value: amount, similarity: null },
      { field: 'date', outcome: '2 days apart', weight_bits: 1.1, left_value: null, right_value: null, similarity: null },
      { field: 'reference', outcome: 'equal after cleaning', weight_bits: 9.2, left_value: null, right_value: null, similarity: 1 },
      { field: 'counterparty', outcome: 'similar', weight_bits: 3, left_value: null, right_value: null, similarity: 0.94 },
    ],
    calibration: 'uncalibrated: 12 labels, 60 are needed',
    runner_up: match.ambiguous
      ? {
          confidence: 0.02,
          left: { side: 'left', row: match.match_id, values: {} },
          right: { side: 'right', row: 5511, values: { posted: '2026-01-02', amount, customer: 'Acme Holding', document: 'INV-2026-009999' } },
        }
      : null,
    decisions,
  }
}

export function calibrationOf(part: Partial<CalibrationOut> = {}): CalibrationOut {
  return { state: 'uncalibrated', learns: true, labels: 12, labels_min: 60, labels_next: 12, curve: [], sentence: 'uncalibrated: 12 labels, 60 are needed', ...part }
}

export function summaryOf(part: Partial<JobSummary> = {}): JobSummary {
  const rows = { input: 4424, matched: 4210, suggested: 118, open: 80, excluded: 10, rejected: 6 }
  const sums = { input: '1204331.20', matched: '1170930.00', suggested: '23400.12', open: '9800.08', excluded: '201.00', rejected: '0.00' }
  return {
    job: jobOf(1),
    sides: [
      { side: 'left', currency: 'EUR', rows, sums },
      { side: 'right', currency: 'EUR', rows: { ...rows, open: 86, excluded: 4 }, sums },
    ],
    conserved: true,
    passes: [
      { name: 'Same reference', kind: 'exact', matches: 3600, left_rows: 3600, right_rows: 3600 },
      { name: 'Amount and date', kind: 'tolerance', matches: 410, left_rows: 410, right_rows: 410 },
      { name: 'Sums', kind: 'group_sum', matches: 90, left_rows: 90, right_rows: 200 },
      { name: 'Learned linkage', kind: 'ml', matches: 228, left_rows: 228, right_rows: 118 },
    ],
    confidence: Array.from({ length: 10 }, (_, index) => {
      const count = [0, 0, 0, 0, 0, 18, 30, 40, 30, 4210][index] ?? 0
      return { low: index / 10, high: (index + 1) / 10, count, expected_wrong: count * (0.95 - index / 10) * 0.5 }
    }),
    exceptions: [
      { side: 'left', type: 'missing_right', count: 50, amounts: { EUR: '7200.00' } },
      { side: 'left', type: 'amount_difference', count: 30, amounts: { EUR: '2600.08', USD: '12.00' } },
      { side: 'right', type: 'missing_left', count: 86, amounts: { EUR: '9800.08' } },
    ],
    match_rate_rows: 0.9517,
    match_rate_value: 0.9722,
    decided: 0,
    undecided: 118,
    calibration: calibrationOf(),
    candidate_recall: 0.993,
    timings_seconds: { read: 0.4, profile: 0.2, candidates: 0.6, compare: 1.2, score: 0.5, assign: 0.3, store: 0.4 },
    ruleset_yaml: 'version: 1\nname: Bank to ledger\ncolumns: []\nflip_right_sign: false\npasses:\n- name: Same reference\n  kind: exact\n',
    diagnostics: {},
    ...part,
  }
}

export function budgetOf(part: Partial<ErrorBudgetOut> = {}): ErrorBudgetOut {
  return {
    state: 'too_few', wrong_share: 0.05, reviewed: 12, wrong: 0, waiting: 0, needed: 60, threshold: null, wrong_share_max: null,
    matches: 0, amounts: {}, left: 118, confirmed: [], ...part,
  }
}

export function bulkOf(part: Partial<BulkDecisionOut> = {}): BulkDecisionOut {
  return {
    id: '00000000-0000-4000-8000-00000000b001', wrong_share: 0.05, threshold: 0.93, matches: 41, decided_by: 'Ada Byron',
    decided_at: '2026-02-03T10:00:00Z', undone_by: null, undone_at: null, ...part,
  }
}

const NO_CHANGE: ChangeOut = { pairs: 0, amounts: {}, largest: [] }

export function differenceOf(part: Partial<DifferenceOut> = {}): DifferenceOut {
  return { before: null, comparable: [], gained: NO_CHANGE, lost: NO_CHANGE, regrouped: NO_CHANGE, moved: NO_CHANGE, unchanged: 0, ...part }
}

export function exceptionOf(number: number, part: Partial<ExceptionRow> = {}): ExceptionRow {
  return {
    side: 'left',
    row: number,
    type: number % 3 === 0 ? 'amount_difference' : 'missing_right',
    reason: number % 3 === 0 ? 'The nearest ledger row differs by 12.00.' : 'No ledger row has this reference or amount.',
    label: `${nameOf(number)} ${number}`,
    reference: `INV-${number}`,
    amount: `${100 + number}.00`,
    currency: 'EUR',
    value_date: '2026-01-05',
    best_rival_row: number % 3 === 0 ? number + 10 : null,
    best_confidence: number % 3 === 0 ? 0.31 : null,
    ...part,
  }
}

export function exceptionDetailOf(exception: ExceptionRow): ExceptionDetail {
  const { fields, evidence, prior_bits, left, right } = detailOf(matchOf(exception.row))
  const [own, rival] = [left[0], right[0]]
  if (!own || !rival) throw new Error('A match has a record on each side.')
  return {
    exception,
    record: own,
    rival:
      exception.best_rival_row === null
        ? null
        : {
            left: own,
            right: rival,
            fields,
            matched: false,
            confidence: exception.best_confidence,
            prior_bits,
            evidence,
            failed_step: 'condition',
            reason: 'difference 12.00 exceeds 0.50',
            smallest_change: 'amount within 12.00 instead of 0.50',
          },
  }
}

export function proposalOf(part: Partial<Proposal> = {}): Proposal {
  return {
    fields: [
      { name: 'amount', role: 'amount', left: ['Betrag'], right: ['amount'] },
      { name: 'date', role: 'value_date', left: ['Datum'], right: ['posted'] },
    ],
    passes: [
      { name: 'Same reference', kind: 'exact', sentence: 'Confirm one left and one right record where the reference is equal.', document: {} },
      { name: 'Learned linkage', kind: 'ml', sentence: 'Suggest one left and one right record that the model, learned from these two files, holds for the same.', document: {} },
    ],
    yaml: 'version: 1\nname: Proposed\ncolumns:\n- field: amount\n  role: amount\n  left:\n  - Betrag\n  right:\n  - amount\nflip_right_sign: false\npasses:\n- name: Same reference\n  kind: exact\n',
    flip_right_sign: false,
    flip_share: 0.03,
    keep_share: 0.92,
    notes: [],
    ...part,
  }
}

/** A finished job with matches and exceptions that keeps decisions, as the back end does: versions rise, a stale one answers 409. */
export function finishedJob({ matches, exceptions = [], summary = summaryOf() }: { matches: MatchRow[]; exceptions?: ExceptionRow[]; summary?: JobSummary }) {
  const rows = new Map(matches.map((match) => [match.match_id, match]))
  const decisions: DecisionOut[] = []
  const put = (matchId: number, part: Partial<MatchRow>) => {
    const before = rows.get(matchId)
    if (!before) throw new Error(`There is no match ${matchId}.`)
    const match = { ...before, ...part, version: before.version + 1 }
    rows.set(matchId, match)
    return match
  }
  const decide = (matchId: number, action: 'accept' | 'reject', by: string) => {
    const match = put(matchId, { status: action === 'accept' ? 'confirmed' : 'rejected', decided_by: by, decided_at: '2026-02-03T10:00:00Z' })
    const number = String(decisions.length + 1).padStart(12, '0')
    const decision = { id: `00000000-0000-4000-8000-${number}`, match_id: matchId, action, decided_by: by, decided_at: '2026-02-03T10:00:00Z', undone_at: null, bulk_id: null }
    decisions.unshift(decision)
    return { decision, match }
  }
  const api = (path: string) => `*/api/v1/jobs/:job${path}`
  const handlers = [
    http.get(api('/summary'), () => HttpResponse.json(summary)),
    http.get(api('/error-budget'), () => HttpResponse.json(budgetOf())),
    http.get(api('/difference'), () => HttpResponse.json(differenceOf())),
    http.get(api('/matches'), ({ request }) => {
      const query = new URL(request.url).searchParams
      const q = query.get('q')?.toLowerCase() ?? ''
      const status = query.get('status')
      const found = [...rows.values()].filter((row) => (!status || row.status === status) && `${row.left_label} ${row.reference}`.toLowerCase().includes(q))
      const from = Number(query.get('cursor') ?? 0)
      const until = from + Number(query.get('limit') ?? 50)
      return HttpResponse.json({
        items: found.slice(from, until),
        next_cursor: until < found.length ? String(until) : null,
        total: found.length,
        undecided: found.filter((row) => row.status === 'suggested').length,
        amounts: { EUR: '23400.12' },
      })
    }),
    http.get(api('/matches/:match'), ({ params }) => {
      const match = rows.get(Number(params.match))
      return match
        ? HttpResponse.json(detailOf(match, decisions.filter((one) => one.match_id === match.match_id)))
        : problem(404, 'This job has no such match.', 'Not found')
    }),
    http.post(api('/matches/:match/decision'), async ({ params, request }) => {
      const { action, version } = (await request.json()) as { action: 'accept' | 'reject'; version: number }
      const match = rows.get(Number(params.match))
      if (match?.version !== version) return problem(409, `${match?.decided_by} decided this first.`, 'Already decided')
      return HttpResponse.json(decide(match.match_id, action, 'Ada Byron'))
    }),
    http.get(api('/decisions'), () => HttpResponse.json({ items: decisions, next_cursor: null, total: decisions.length })),
    http.post(api('/decisions/:decision/undo'), ({ params }) => {
      const index = decisions.findIndex((one) => one.id === params.decision)
      const before = decisions[index]
      if (!before) return problem(404, 'There is no such decision.', 'Not found')
      const decision = { ...before, undone_at: '2026-02-03T10:05:00Z' }
      decisions[index] = decision
      return HttpResponse.json({ decision, match: put(decision.match_id, { status: 'suggested', decided_by: null, decided_at: null }) })
    }),
    http.get(api('/explain'), () => {
      const [left] = detailOf(matchOf(1)).left
      return HttpResponse.json({ left, right: left, fields: [], matched: false, confidence: 0.02, prior_bits: -7, evidence: [], failed_step: 'lost_to_rival', reason: 'The references contradict each other.', smallest_change: null })
    }),
    http.get(api('/exceptions'), ({ request }) => {
      const query = new URL(request.url).searchParams
      const side = exceptions.filter((one) => one.side === query.get('side'))
      const type = query.get('type')
      const found = side.filter((one) => (!type || one.type === type) && one.label.toLowerCase().includes(query.get('q')?.toLowerCase() ?? ''))
      const types = [...new Set(side.map((one) => one.type))].map((value) => ({ value, count: side.filter((one) => one.type === value).length, amounts: { EUR: '7200.00' } }))
      const from = Number(query.get('cursor') ?? 0)
      const until = from + Number(query.get('limit') ?? 50)
      return HttpResponse.json({ items: found.slice(from, until), next_cursor: until < found.length ? String(until) : null, total: found.length, types })
    }),
    http.get(api('/exceptions/:side/:row'), ({ params }) => {
      const exception = exceptions.find((one) => one.side === params.side && one.row === Number(params.row))
      return exception ? HttpResponse.json(exceptionDetailOf(exception)) : problem(404, 'This job has no such exception.', 'Not found')
    }),
  ]
  return { handlers, decide, decisions, matchAt: (matchId: number) => rows.get(matchId) }
}
