import { expect, it } from 'vitest'

import type { QuestionOut } from '@/api/generated'
import { answerLabel } from './answerLabel'

const question = (part: Partial<QuestionOut>): QuestionOut => ({ key: 'date.order', why: '', choices: ['dmy', 'mdy'], labels: ['dmy', 'mdy'], values_concerned: 1, ...part })

it('says what the bare value of an answer means', () => {
  expect(answerLabel(question({}), 'dmy')).toBe('Day first')
  expect(answerLabel(question({ choices: ['.', ','], labels: ['.', ','] }), ',')).toBe('The comma is the decimal sign')
  expect(answerLabel(question({ key: 'header', choices: ['none', '4'], labels: ['none', '4'] }), '4')).toBe('Line 4 is the header')
})

it('leaves the words of the server and values it does not know', () => {
  expect(answerLabel(question({ labels: ['3 April', 'March 4'] }), 'mdy')).toBe('March 4')
  expect(answerLabel(question({ choices: ['latin-1'], labels: ['latin-1'] }), 'latin-1')).toBe('latin-1')
})
