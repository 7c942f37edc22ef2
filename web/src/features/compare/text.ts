import { wording } from '@/lib/locale'

export const text = wording({
  en: {
    title: 'What changed',
    since: 'Compared with',
    description: 'Both jobs as they stand now, with all decisions, over the same records.',
    nothingBefore: 'There is no earlier job over the same records',
    nothingBeforeHint: 'Run this job again, with another ruleset or after more decisions: then this page says what that changed.',
    toJob: 'Back to the result',
    kinds: {
      gained: { name: 'Gained', hint: 'Open before, matched or suggested now.' },
      lost: { name: 'Lost', hint: 'Matched or suggested before, open now.' },
      regrouped: { name: 'Regrouped', hint: 'Matched with another record than before.' },
      moved: { name: 'Moved', hint: 'Together as before, with another status or a confidence that moved by 0.05 or more.' },
    },
    unchanged: 'Unchanged',
    nothing: 'No pair of this kind.',
    largest: (shown: string, total: string) => `The ${shown} largest of ${total}`,
    columns: { left: 'Left', right: 'Right', amount: 'Amount', before: 'Before', after: 'Now' },
    open: 'open',
    pairs: { one: 'pair', other: 'pairs' },
  },
})
