import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { GitCompareArrows, X } from 'lucide-react'
import { useState } from 'react'

import { exceptionsQuery } from '@/api/exceptions'
import type { ExceptionDetail, ExceptionRow, JobOut } from '@/api/generated'
import { explanationQuery } from '@/api/matches'
import { flattened } from '@/api/paging'
import { Button } from '@/components/Button'
import { ErrorLine } from '@/components/ErrorState'
import { Input } from '@/components/Field'
import { Skeleton } from '@/components/Skeleton'
import { DateText, Money } from '@/components/Value'
import { formatCount } from '@/lib/format'
import { useTyped } from '@/lib/useTyped'
import { wordFor } from '@/lib/vocabulary'

import { Explanation } from './Explanation'
import type { Side } from './filters'
import { text } from './text'

const SHOWN_MAX = 6

/** The record of the other side that came nearest and why it did not do; or, asked for, any other one against this record. */
export function Counterpart({ job, detail: { exception, rival } }: { job: JobOut; detail: ExceptionDetail }) {
  const [shown, setShown] = useState<'rival' | 'choice' | { row: number }>('rival')
  const side = exception.side === 'left' ? 'left' : 'right'
  const otherSide = side === 'left' ? 'right' : 'left'
  const title = typeof shown === 'string' ? text.rival : `${wordFor('side', otherSide)}, ${text.rowNumber(formatCount(shown.row + 1))}`
  return (
    <section className="mt-5">
      <div className="mb-1.5 flex min-h-7 items-center gap-2">
        <h3 className="flex-1 text-12 font-semibold text-soft">{shown === 'choice' ? text.whyNot : title}</h3>
        {shown === 'rival' ? (
          <Button size="small" tone="quiet" icon={GitCompareArrows} onClick={() => setShown('choice')}>
            {text.whyNot}
          </Button>
        ) : (
          <Button size="small" tone="quiet" icon={X} onClick={() => setShown('rival')}>
            {text.backToRival}
          </Button>
        )}
      </div>
      {shown === 'rival' && (rival ? <Explanation job={job} explanation={rival} /> : <p className="text-13 text-muted">{text.noRival}</p>)}
      {shown === 'choice' && <Choice job={job} side={otherSide} onChoose={(row) => setShown({ row })} />}
      {typeof shown === 'object' && (
        <Explained job={job} leftRow={side === 'left' ? exception.row : shown.row} rightRow={side === 'left' ? shown.row : exception.row} />
      )}
    </section>
  )
}

function Explained({ job, leftRow, rightRow }: { job: JobOut; leftRow: number; rightRow: number }) {
  const explanation = useQuery({ ...explanationQuery(job.id, leftRow, rightRow), staleTime: 60_000, retry: false })
  if (explanation.data) return <Explanation job={job} explanation={explanation.data} />
  if (explanation.error) return <ErrorLine error={explanation.error} />
  return <Skeleton className="h-44 w-full" />
}

/** Open records of a side by what they say; a whole number also means that row, open or not. */
function Choice({ job, side, onChoose }: { job: JobOut; side: Side; onChoose: (row: number) => void }) {
  const [query, setQuery] = useState('')
  const [typed, setTyped] = useTyped(query, setQuery)
  const list = useInfiniteQuery({ ...exceptionsQuery(job.id, { side, sort: 'row', ...(query && { q: query }) }), staleTime: 60_000 })
  const found = flattened(list.data).items.slice(0, SHOWN_MAX)
  const rowNumber = /^[1-9]\d{0,8}$/.test(query) ? Number(query) : null
  return (
    <div>
      <Input
        label={text.whyNotLabel(wordFor('side', side).toLowerCase())}
        hint={text.whyNotHint}
        type="search"
        // It was opened in order to type.
        // eslint-disable-next-line jsx-a11y/no-autofocus
        autoFocus
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <ErrorLine error={list.error} />
      <ul className="mt-2 rounded-md border border-line">
        {rowNumber !== null && (
          <ChoiceLine onChoose={() => onChoose(rowNumber - 1)}>
            {wordFor('side', side)}, {text.rowNumber(formatCount(rowNumber))}
          </ChoiceLine>
        )}
        {found.map((record) => (
          <ChoiceLine key={record.row} onChoose={() => onChoose(record.row)}>
            <RecordWords record={record} />
          </ChoiceLine>
        ))}
        {list.data && found.length === 0 && rowNumber === null && <li className="px-3 py-2 text-13 text-muted">{text.noneFound}</li>}
      </ul>
    </div>
  )
}

function ChoiceLine({ onChoose, children }: { onChoose: () => void; children: React.ReactNode }) {
  return (
    <li className="border-b border-line last:border-b-0">
      <button type="button" onClick={onChoose} className="flex w-full items-baseline gap-3 px-3 py-1.5 text-left text-13 outline-offset-[-2px] hover:bg-sunken">
        {children}
      </button>
    </li>
  )
}

function RecordWords({ record }: { record: ExceptionRow }) {
  return (
    <>
      <span className="tabular w-12 shrink-0 text-right text-muted">{formatCount(record.row + 1)}</span>
      <span className="min-w-0 flex-1 truncate font-medium">{record.label}</span>
      <span className="text-12 text-muted">
        <DateText date={record.value_date} />
      </span>
      <Money amount={record.amount} currency={record.currency} className="w-28 text-right" />
    </>
  )
}
