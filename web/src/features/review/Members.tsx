import { useQuery } from '@tanstack/react-query'
import { Check } from 'lucide-react'

import { fileQuery } from '@/api/files'
import type { JobOut, MatchDetail, RecordOut } from '@/api/generated'
import { SkeletonRows } from '@/components/Skeleton'
import { isZero } from '@/lib/decimal'
import { isIsoDay } from '@/lib/fieldDelta'
import { formatCount, formatDate, formatMoney } from '@/lib/format'
import { wordFor } from '@/lib/vocabulary'

import { amountColumns, amountOf, groupOf, type Member } from './members'
import { text } from './text'

/** Rows drawn until it is known which columns are the amounts. */
const MEMBERS_WAITING_MAX = 8

/** A group's records with their amounts and what is left of the difference after each: a correct group runs to zero or to its residual. */
export function Members({ job, detail }: { job: JobOut; detail: MatchDetail }) {
  const leftFile = useQuery({ ...fileQuery(job.left_file_id), staleTime: Infinity })
  const rightFile = useQuery({ ...fileQuery(job.right_file_id), staleTime: Infinity })
  if (leftFile.isPending || rightFile.isPending) return <SkeletonRows rows={Math.min(MEMBERS_WAITING_MAX, detail.left.length + detail.right.length)} rowClass="h-8" />
  const [leftColumns, rightColumns] = [amountColumns(leftFile.data), amountColumns(rightFile.data)]
  const group = groupOf(
    detail.left.map((record) => ({ record, amount: amountOf(record, leftColumns) })),
    detail.right.map((record) => ({ record, amount: amountOf(record, rightColumns) })),
    detail.match.residual,
  )
  return (
    <table className="tabular w-full text-13">
      <caption className="sr-only">{text.members}</caption>
      <thead>
        <tr className="border-b border-line text-left text-12 text-muted">
          <th scope="col" className="py-1.5 pr-3 font-medium">
            {text.row}
          </th>
          <th scope="col" className="py-1.5 pr-3 font-medium">
            {text.record}
          </th>
          <th scope="col" className="py-1.5 pr-3 text-right font-medium">
            {text.amount}
          </th>
          <th scope="col" className="py-1.5 text-right font-medium">
            {text.running}
          </th>
        </tr>
      </thead>
      <tbody>
        {group.members.map((member, index) => (
          <MemberLine
            key={`${member.record.side} ${member.record.row}`}
            member={member}
            summary={summaryOf(member.record, member.record.side === 'left' ? leftColumns : rightColumns)}
            isLast={index === group.members.length - 1} />
        ))}
      </tbody>
    </table>
  )
}

function MemberLine({ member, summary, isLast }: { member: Member; summary: string; isLast: boolean }) {
  const { record, amount, running } = member
  const isSettled = isLast && running !== null && isZero(running)
  return (
    <tr className="border-b border-line align-top">
      <td className="py-1.5 pr-3 whitespace-nowrap text-muted">
        {wordFor('side', record.side)} {formatCount(record.row + 1)}
      </td>
      <td className="py-1.5 pr-3 [overflow-wrap:anywhere]">{summary}</td>
      <td className="py-1.5 pr-3 text-right whitespace-nowrap">{amount === null ? '–' : formatMoney(amount)}</td>
      <td className={`py-1.5 text-right whitespace-nowrap ${isSettled ? 'font-medium text-matched' : 'text-muted'}`}>
        {isSettled && <Check aria-hidden size={14} className="mr-1 inline" />}
        {running === null ? '–' : formatMoney(running)}
      </td>
    </tr>
  )
}

const SUMMARY_VALUES = 4

/** The first few filled values, its amount aside: enough to know the record by. */
function summaryOf({ values }: RecordOut, amounts: readonly { name: string }[]): string {
  const filled = Object.entries(values).flatMap(([name, value]) =>
    value === null || value === '' || amounts.some((column) => column.name === name) ? [] : [isIsoDay(value) && value.length === 10 ? formatDate(value) : value],
  )
  return filled.slice(0, SUMMARY_VALUES).join(' · ')
}
