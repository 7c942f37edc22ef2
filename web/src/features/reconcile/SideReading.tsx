import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Download, TriangleAlert } from 'lucide-react'
import { useState } from 'react'

import { answerQuestions, fileQuery, isBeingRead, rowErrorsUrl } from '@/api/files'
import type { FileOut, QuestionOut } from '@/api/generated'
import { Button } from '@/components/Button'
import { ErrorLine } from '@/components/ErrorState'
import { Skeleton } from '@/components/Skeleton'
import { formatCount, formatPlural } from '@/lib/format'

import { answerLabel } from './answerLabel'
import { text } from './text'

/** How one file was read, in words: what it asks, what was left out, or why it cannot be taken. Nothing to say where all is well. */
export function SideReading({ file, onClear }: { file: FileOut; onClear: () => void }) {
  if (isBeingRead(file)) return <Reading file={file} />
  if (file.status === 'rejected') return <Rejected file={file} onClear={onClear} />
  return (
    <div className="min-w-0 text-13">
      <p className="truncate font-medium">{file.name}</p>
      <p className="text-12 text-muted">{formatOf(file)}</p>
      {file.status === 'question' && <Questions key={file.questions.map((one) => one.key).join()} file={file} />}
      {file.rows_rejected > 0 && <RowErrors file={file} />}
      {file.warnings.map((warning) => (
        <p key={warning} className="mt-1.5 flex items-start gap-1.5 text-suggested">
          <TriangleAlert aria-hidden size={14} className="mt-0.5 shrink-0" />
          {warning}
        </p>
      ))}
    </div>
  )
}

function formatOf(file: FileOut): string {
  const parts = [
    file.status === 'ready' && formatPlural(file.rows_imported, text.rows),
    file.format?.toUpperCase(),
    file.encoding,
    file.header_line !== null && text.header(formatCount(file.header_line)),
  ]
  return parts.filter(Boolean).join(' · ')
}

function Reading({ file }: { file: FileOut }) {
  return (
    <div role="status" className="min-w-0">
      <p className="truncate text-13 font-medium">{file.name}</p>
      <p className="text-12 text-muted">{file.status === 'stored' ? text.waiting : text.reading}</p>
      <Skeleton className="mt-3 h-24 w-full" />
    </div>
  )
}

function Rejected({ file, onClear }: { file: FileOut; onClear: () => void }) {
  return (
    <div role="alert" className="rounded-md bg-conflict-soft p-4 text-13">
      <p className="font-semibold text-conflict">{text.rejectedTitle(file.name)}</p>
      <p className="mt-1 break-words">{file.error}</p>
      <p className="mt-1 text-soft">{text.rejectedHint}</p>
      <Button size="small" className="mt-3" onClick={onClear}>
        {text.chooseAnother}
      </Button>
    </div>
  )
}

function RowErrors({ file }: { file: FileOut }) {
  return (
    <p className="mt-1.5 flex flex-wrap items-center gap-x-2 text-suggested">
      <span className="tabular">{formatPlural(file.rows_rejected, text.rowErrors)}</span>
      <a href={rowErrorsUrl(file.id)} download className="inline-flex items-center gap-1 rounded-sm font-medium text-accent underline underline-offset-2">
        <Download aria-hidden size={14} />
        {text.download}
        <span className="sr-only"> ({file.name})</span>
      </a>
    </p>
  )
}

/** One line a question, one button an answer. When the last is answered, the file is read again. */
function Questions({ file }: { file: FileOut }) {
  const queries = useQueryClient()
  const [answers, setAnswers] = useState<Readonly<Record<string, string>>>({})
  const answer = useMutation({
    mutationFn: (all: Record<string, string>) => answerQuestions(file.id, all),
    onSuccess: (read) => queries.setQueryData(fileQuery(file.id).queryKey, read),
    onError: () => setAnswers({}),
  })
  function choose(key: string, choice: string) {
    const next = { ...answers, [key]: choice }
    setAnswers(next)
    if (file.questions.every((question) => next[question.key] !== undefined)) answer.mutate(next)
  }
  return (
    <div className="mt-2 space-y-3 rounded-md bg-suggested-soft p-3">
      <p className="font-semibold text-suggested">{text.questionTitle(file.name)}</p>
      {file.questions.map((question) => (
        <Question key={question.key} question={question} chosen={answers[question.key]} isBusy={answer.isPending} onChoose={(choice) => choose(question.key, choice)} />
      ))}
      {answer.isPending && <p role="status">{text.answering}</p>}
      <ErrorLine error={answer.error} />
    </div>
  )
}

type QuestionProps = { question: QuestionOut; chosen: string | undefined; isBusy: boolean; onChoose: (choice: string) => void }

function Question({ question, chosen, isBusy, onChoose }: QuestionProps) {
  return (
    <div role="group" aria-label={question.why}>
      <p>
        {question.why} <span className="text-muted">{formatPlural(question.values_concerned, text.values)}</span>
      </p>
      <div className="mt-1.5 flex flex-wrap gap-2">
        {question.choices.map((choice) => (
          <Button key={choice} size="small" aria-pressed={chosen === choice} tone={chosen === choice ? 'primary' : 'secondary'} disabled={isBusy} onClick={() => onChoose(choice)}>
            {answerLabel(question, choice)}
          </Button>
        ))}
      </div>
    </div>
  )
}
