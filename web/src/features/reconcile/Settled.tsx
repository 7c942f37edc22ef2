import { useState } from 'react'

import type { FileOut } from '@/api/generated'
import { ErrorLine } from '@/components/ErrorState'
import { formatDate } from '@/lib/format'

import { Choices } from './Questions'
import { sentenceOf } from './settledSentence'
import { text } from './text'
import { useAnswers } from './useAnswers'

/** What people settled about a file, each with a way to change it; and whose answers of which day were taken from the last file with this header. */
export function Settled({ file }: { file: FileOut }) {
  const [open, setOpen] = useState<string | null>(null)
  const answer = useAnswers(file)
  if (file.settled.length === 0) return null
  return (
    <div className="mt-3 rounded-md bg-accent-soft px-3 py-2">
      <p className="font-medium text-accent">{file.reused ? text.settled.reused(formatDate(file.reused.saved_at), file.reused.saved_by) : text.settled.own}</p>
      <ul className="mt-0.5 space-y-1">
        {file.settled.map((item) => (
          <li key={item.key}>
            <span className="text-soft">{sentenceOf(item)}</span>{' '}
            {item.choices.length > 0 ? (
              <TextButton label={`${text.change}: ${sentenceOf(item)}`} isExpanded={open === item.key} onClick={() => setOpen(open === item.key ? null : item.key)}>
                {text.change}
              </TextButton>
            ) : (
              <TextButton label={`${text.settled.takeBack}: ${sentenceOf(item)}`} onClick={() => answer.mutate({ [item.key]: null })}>
                {text.settled.takeBack}
              </TextButton>
            )}
            {open === item.key && (
              <div className="mt-1.5 mb-1">
                <p className="mb-1.5">{item.why}</p>
                <Choices question={item} chosen={item.answer} isBusy={answer.isPending} onChoose={(choice) => answer.mutate({ [item.key]: choice })} />
              </div>
            )}
          </li>
        ))}
      </ul>
      <ErrorLine error={answer.error} />
    </div>
  )
}

type TextButtonProps = { label: string; isExpanded?: boolean; onClick: () => void; children: string }

function TextButton({ label, isExpanded, onClick, children }: TextButtonProps) {
  return (
    <button type="button" aria-label={label} aria-expanded={isExpanded} onClick={onClick} className="rounded-sm font-medium text-accent underline underline-offset-2">
      {children}
    </button>
  )
}
