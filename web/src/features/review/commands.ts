import { ArrowDown, ArrowUp, Check, ChevronsDown, ChevronsUp, EyeOff, FileText, Search, Undo2, X } from 'lucide-react'

import { command } from '@/lib/commands'

import { text } from './text'

/** What the commands of the review act on. */
export type ReviewContext = {
  readonly hasMatch: boolean
  readonly canAccept: boolean
  readonly canReject: boolean
  move: (rows: number) => void
  accept: () => void
  reject: () => void
  undo: () => void
  find: () => void
  open: () => void
  /** Between the order drawn for labelling, where the score is hidden, and the usual one. */
  blind: () => void
}

const PAGE_STEP_ROWS = 10
const hasMatch = (context: ReviewContext) => context.hasMatch

/** Enter belongs to the button or link that has the focus. */
function isEnterFree(): boolean {
  return !(document.activeElement instanceof HTMLElement && document.activeElement.closest('button, a, summary, select'))
}

const group = text.group

export const acceptMatch = command<ReviewContext>({ id: 'match.accept', label: text.accept, key: 'a', group, icon: Check, enabled: ({ canAccept }) => canAccept, run: ({ accept }) => accept() })
export const rejectMatch = command<ReviewContext>({ id: 'match.reject', label: text.reject, key: 'r', group, icon: X, enabled: ({ canReject }) => canReject, run: ({ reject }) => reject() })
export const undoDecision = command<ReviewContext>({ id: 'match.undo', label: text.undo, key: 'u', group, icon: Undo2, run: ({ undo }) => undo() })

export const REVIEW_COMMANDS = [
  command<ReviewContext>({ id: 'match.next', label: text.next, key: 'j', alsoKeys: ['arrowdown'], group, icon: ArrowDown, enabled: hasMatch, repeats: true, run: ({ move }) => move(1) }),
  command<ReviewContext>({ id: 'match.previous', label: text.previous, key: 'k', alsoKeys: ['arrowup'], group, icon: ArrowUp, enabled: hasMatch, repeats: true, run: ({ move }) => move(-1) }),
  acceptMatch,
  rejectMatch,
  undoDecision,
  command<ReviewContext>({ id: 'match.find', label: text.find, key: 'f', alsoKeys: ['/'], group, icon: Search, run: ({ find }) => find() }),
  command<ReviewContext>({ id: 'match.open', label: text.open, key: 'enter', group, icon: FileText, enabled: (context) => context.hasMatch && isEnterFree(), run: ({ open }) => open() }),
  command<ReviewContext>({ id: 'match.blind', label: text.blindSwitch, key: 'b', group, icon: EyeOff, run: ({ blind }) => blind() }),
  command<ReviewContext>({ id: 'match.nextPage', label: text.nextPage, key: ']', alsoKeys: ['pagedown'], group, icon: ChevronsDown, enabled: hasMatch, repeats: true, run: ({ move }) => move(PAGE_STEP_ROWS) }),
  command<ReviewContext>({ id: 'match.previousPage', label: text.previousPage, key: '[', alsoKeys: ['pageup'], group, icon: ChevronsUp, enabled: hasMatch, repeats: true, run: ({ move }) => move(-PAGE_STEP_ROWS) }),
]
