import type { QuestionOut } from '@/api/generated'
import { wording } from '@/lib/locale'

const WORDS = wording({
  en: {
    dmy: 'Day first',
    mdy: 'Month first',
    ymd: 'Year first',
    '.': 'The point is the decimal sign',
    ',': 'The comma is the decimal sign',
    none: 'There is no header',
    headerLine: (line: string) => `Line ${line} is the header`,
  },
})

/** An answer in words: the server's label, or ours where it only repeats the value. */
export function answerLabel(question: QuestionOut, choice: string): string {
  const label = question.labels[question.choices.indexOf(choice)] ?? choice
  if (label !== choice) return label
  if (question.key === 'header' && /^\d+$/.test(choice)) return WORDS.headerLine(choice)
  const known: Readonly<Record<string, unknown>> = WORDS
  const word = known[choice]
  return typeof word === 'string' ? word : choice
}
