import type { TrendPoint } from '@/api/generated'

/** The trend as CSV (RFC 4180). A name that a spreadsheet would take for a formula is kept text by a leading apostrophe. */
export function trendCsv(trend: readonly TrendPoint[]): string {
  const rows = trend.map((point) => [point.job_name, point.finished_at, point.match_rate_rows, point.auto_match_rate_rows])
  return [['job', 'finished_at', 'match_rate_rows', 'auto_match_rate_rows'], ...rows].map((row) => row.map(cell).join(',')).join('\r\n')
}

function cell(value: string | number): string {
  const plain = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value)
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}
