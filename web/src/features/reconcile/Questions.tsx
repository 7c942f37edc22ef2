import { CircleHelp } from 'lucide-react'
import { useState } from 'react'

import type { FileOut, QuestionOut } from '@/api/generated'
import { ErrorLine } from '@/components/ErrorState'
import { classes } from '@/lib/classes'
import { formatPlural } from '@/lib/format'

import { text } from './text'
import { useAnswers } from './useAnswers'

/** What the file alone cannot settle: one line a question, one button an answer. When the last is answered, the file is read again. */
export function Questions({ file }: { file: FileOut }) {
  const [answers, setAnswers] = useState<Readonly<Record<string, string>>>({})
  const answer = useAnswers(file, () => setAnswers({}))
  function choose(key: string, choice: string) {
    const next = { ...answers, [key]: choice }
    setAnswers(next)
    if (file.questions.every((question) => next[question.key] !== undefined)) answer.mutate(next)
  }
  return (
    <div className="mt-3 space-y-3 rounded-md border border-suggested-solid/50 bg-suggested-soft p-3">
      <p className="flex items-center gap-1.5 font-semibold text-suggested">
        <CircleHelp aria-hidden size={16} />
        {text.questionTitle(file.name)}
      </p>
      {file.questions.map((question) => (
        <div key={question.key}>
          <p className="mb-1.5">
            {question.why} <span className="text-soft">{formatPlural(question.values_concerned, text.values)}</span>
          </p>
          <Choices question={question} chosen={answers[question.key]} isBusy={answer.isPending} onChoose={(choice) => choose(question.key, choice)} />
        </div>
      ))}
      {answer.isPending && <p role="status">{text.answering}</p>}
      <ErrorLine error={answer.error} />
    </div>
  )
}

type ChoicesProps = { question: QuestionOut; chosen: string | undefined; isBusy: boolean; onChoose: (choice: string) => void }

/** The answers to one question in one line, joined to one control. */
export function Choices({ question, chosen, isBusy, onChoose }: ChoicesProps) {
  return (
    <div role="group" aria-label={question.why} className="flex flex-wrap gap-1.5">
      {question.choices.map((choice, place) => (
        <button
          key={choice}
          type="button"
          aria-pressed={chosen === choice}
          disabled={isBusy}
          onClick={() => onChoose(choice)}
          className={classes(
            'inline-flex min-h-7 items-center gap-2 rounded-md border px-2.5 py-0.5 text-left text-13 font-medium transition-colors duration-100 disabled:opacity-50',
            chosen === choice ? 'border-accent-fill bg-accent-soft text-accent' : 'border-line-strong bg-surface text-ink hover:border-accent',
          )}
        >
          <span aria-hidden className={classes('size-3 shrink-0 rounded-full border', chosen === choice ? 'border-4 border-accent-fill' : 'border-line-strong')} />
          {question.labels[place] ?? choice}
        </button>
      ))}
    </div>
  )
}
