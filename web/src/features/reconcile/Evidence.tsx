import { Check, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'

import type { ConventionOut, FileOut, StatementOut } from '@/api/generated'
import { formatCount, formatMoney, formatPlural } from '@/lib/format'

import { text } from './text'

/** Why a file was read the way it was: its form, how its values are written, what adds up. One line each, nothing where there is nothing to say. */
export function Evidence({ file }: { file: FileOut }) {
  const { conventions, proofs, notes, statements, statements_total: total } = file.evidence
  return (
    <dl className="mt-2 grid grid-cols-[5rem_minmax(0,1fr)] gap-x-3 gap-y-1">
      <Line name={text.evidence.form}>{formOf(file)}</Line>
      {grouped(conventions, 'date_order').map(([value, columns]) => (
        <Line key={value} name={text.evidence.dates}>
          {DATE_ORDERS[value] ?? value} <Columns names={columns} />
        </Line>
      ))}
      {grouped(conventions, 'decimal').map(([value, columns]) => (
        <Line key={value} name={text.evidence.amounts}>
          {value === ',' ? text.evidence.comma : text.evidence.point} <Columns names={columns} />
        </Line>
      ))}
      {conventions
        .filter((one) => one.kind === 'sign')
        .map((one) => (
          <Line key={one.value} name={text.evidence.sign}>
            {one.value}
          </Line>
        ))}
      {proofs.map(({ total: sum, line, column }) => (
        <Line key={`${line} ${column}`} name={text.evidence.total}>
          <Proven>
            {text.evidence.agrees(formatMoney(sum), formatCount(line))} <Columns names={[column]} />
          </Proven>
        </Line>
      ))}
      {statements.length > 0 && (
        <Line name={text.evidence.balance}>
          <Statements statements={statements} total={total} />
        </Line>
      )}
      {file.status === 'ready' && <Line name={text.evidence.rows}>{rowsOf(file)}</Line>}
      {file.made_of.length > 0 && (
        <Line name={text.evidence.madeOf}>
          <ul>
            {file.made_of.map((part) => (
              <li key={part.file_id}>
                {part.name} <span className="text-muted">{part.added === part.rows ? formatPlural(part.rows, text.rows) : text.evidence.overlap(formatCount(part.added), formatCount(part.rows))}</span>
              </li>
            ))}
          </ul>
        </Line>
      )}
      {notes.length > 0 && (
        <Line name={text.evidence.noted}>
          <ul className="text-soft">
            {notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </Line>
      )}
    </dl>
  )
}

const DATE_ORDERS: Readonly<Record<string, string>> = text.evidence.dateOrders

function Line({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="contents">
      <dt className="text-12 leading-5 text-muted">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </div>
  )
}

const Columns = ({ names }: { names: readonly string[] }) => <span className="text-muted">{names.join(', ')}</span>

function Proven({ children }: { children: ReactNode }) {
  return (
    <span className="flex items-start gap-1.5">
      <Check aria-hidden size={14} className="mt-0.5 shrink-0 text-matched" />
      <span>{children}</span>
    </span>
  )
}

/** The balances of a statement file: proved, broken with the difference, or without balances to prove. */
function Statements({ statements, total }: { statements: readonly StatementOut[]; total: number }) {
  const broken = statements.filter((one) => one.proof === 'broken')
  const [first] = statements
  if (broken.length > 0) {
    return broken.map((one) => (
      <span key={`${one.account} ${one.number}`} className="flex items-start gap-1.5 text-suggested">
        <TriangleAlert aria-hidden size={14} className="mt-0.5 shrink-0" />
        {text.evidence.broken(one.number || one.account, balanceOf(one, '≠'), `${formatMoney(one.difference ?? '0')} ${one.currency}`)}
      </span>
    ))
  }
  if (!first || statements.some((one) => one.proof !== 'holds')) return text.evidence.noBalances
  return <Proven>{total === 1 ? `${balanceOf(first, '=')} ${first.currency}` : text.evidence.holds(formatCount(total))}</Proven>
}

/** Opening + movements = closing; what is subtracted has its minus and no plus before it. */
function balanceOf({ opening, movements, closing }: StatementOut, sign: '=' | '≠'): string {
  const plus = movements.startsWith('-') ? `− ${formatMoney(movements.slice(1))}` : `+ ${formatMoney(movements)}`
  return `${formatMoney(opening ?? '0')} ${plus} ${sign} ${formatMoney(closing ?? '0')}`
}

/** Columns by the convention they share, in the order of the file. */
function grouped(conventions: readonly ConventionOut[], kind: string): [string, string[]][] {
  const columns = new Map<string, string[]>()
  for (const one of conventions) {
    if (one.kind === kind && one.column !== null) columns.set(one.value, [...(columns.get(one.value) ?? []), one.column])
  }
  return [...columns]
}

type Words = Readonly<Record<string, string>>

function formOf(file: FileOut): string {
  const { delimiters, encodings }: { delimiters: Words; encodings: Words } = text.evidence
  const parts = [
    file.format?.toUpperCase(),
    file.delimiter && (delimiters[file.delimiter] ?? file.delimiter),
    file.encoding && (encodings[file.encoding] ?? file.encoding.toUpperCase()),
    file.header_line !== null && text.header(formatCount(file.header_line)),
  ]
  return parts.filter(Boolean).join(' · ')
}

/** Every row of the file is somewhere: taken in, left out with a reason, or skipped as no record. */
function rowsOf(file: FileOut): string {
  const { rows_imported: taken, rows_rejected: rejected, rows_skipped: skipped } = file
  const parts = [text.evidence.taken(formatCount(taken)), rejected > 0 && text.evidence.rejected(formatCount(rejected)), skipped > 0 && text.evidence.skipped(formatCount(skipped))]
  const sum = rejected + skipped > 0 ? ` = ${text.evidence.inFile(formatCount(taken + rejected + skipped))}` : ''
  return parts.filter(Boolean).join(' + ') + sum
}
