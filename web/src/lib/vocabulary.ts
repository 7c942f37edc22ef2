/** The words for what the engine names in one word: types of exception, methods, roles, steps. An unknown name is shown as itself. */

import { wording } from './locale'

const WORDS = wording({
  en: {
    exceptionType: {
      missing_left: 'Missing left',
      missing_right: 'Missing right',
      amount_difference: 'Amount difference',
      timing: 'Timing',
      reference: 'Reference',
      currency: 'Currency',
      sign: 'Sign',
      duplicate: 'Duplicate',
      split_incomplete: 'Split incomplete',
      fee: 'Fee',
      fx: 'Exchange rate',
      many_candidates: 'Many candidates',
      below_threshold: 'Below threshold',
      expected: 'Not yet due',
      invalid_row: 'Invalid row',
      statement_gap: 'Statement gap',
    },
    method: {
      exact: 'Exact',
      tolerance: 'Tolerance',
      fuzzy: 'Fuzzy',
      ml: 'Learned',
      group_key: 'Group by key',
      group_sum: 'Group by sum',
      group: 'Group',
    },
    role: {
      identifier: 'Identifier',
      reference: 'Reference',
      person_name: 'Person',
      given_name: 'Given name',
      family_name: 'Family name',
      organisation: 'Organisation',
      free_text: 'Free text',
      email: 'E-mail',
      phone: 'Phone',
      date: 'Date',
      value_date: 'Value date',
      birth_date: 'Birth date',
      amount: 'Amount',
      debit: 'Debit',
      credit: 'Credit',
      balance: 'Balance',
      currency: 'Currency',
      address: 'Address',
      postcode: 'Postcode',
      city: 'City',
      country: 'Country',
      category: 'Category',
      quantity: 'Quantity',
      other: 'Other',
    },
    residual: { fee: 'fee', rounding: 'rounding', fx: 'exchange rate', tolerance: 'within tolerance', open: 'difference' },
    failedStep: {
      filter: 'A filter of the pass left one of them out',
      block: 'They were never compared: no blocking key in common',
      condition: 'A condition of the pass did not hold',
      lost_to_rival: 'Another record fitted better',
      decision: 'A person rejected this pair',
      below_threshold: 'The confidence stayed below the threshold',
    },
    matchStatus: { confirmed: 'Matched', suggested: 'Suggested', rejected: 'Rejected' },
    fate: { matched: 'Matched', suggested: 'Suggested', open: 'Open', excluded: 'Excluded', rejected: 'Rejected rows' },
    side: { left: 'Left', right: 'Right' },
    stage: {
      read: 'Reading',
      profile: 'Profiling',
      candidates: 'Finding candidates',
      compare: 'Comparing',
      score: 'Scoring',
      assign: 'Assigning',
      store: 'Storing',
    },
    columnType: { text: 'Text', amount: 'Amount', decimal: 'Decimal', integer: 'Whole number', date: 'Date', datetime: 'Time', boolean: 'Yes or no' },
  },
})

type Kind = keyof typeof WORDS

/** The word for a name of one kind: `wordFor('method', 'group_sum')` is "Group by sum". */
export function wordFor(kind: Kind, name: string): string {
  const words: Readonly<Record<string, string>> = WORDS[kind]
  return words[name] ?? sentenceCase(name)
}

function sentenceCase(name: string): string {
  const text = name.replaceAll('_', ' ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}
