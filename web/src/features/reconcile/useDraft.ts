import { useState } from 'react'

import type { PairedFieldOut, Proposal } from '@/api/generated'

import { withColumns, withFlip } from './rulesetDraft'

export type Draft = {
  readonly fields: readonly PairedFieldOut[]
  readonly flip: boolean
  /** The whole ruleset as edited; null while nothing is. */
  readonly yaml: string | null
  pair: (fields: PairedFieldOut[]) => void
  turn: (flip: boolean) => void
  write: (yaml: string | null) => void
}

type Edits = { readonly proposal: Proposal; readonly fields: readonly PairedFieldOut[]; readonly flip: boolean; readonly yaml: string | null }

/** What the user changed of a proposal. Another proposal (other files, other answers) starts afresh. */
export function useDraft(proposal: Proposal | undefined): Draft {
  const [edits, setEdits] = useState<Edits | null>(null)
  const current = proposal && (edits?.proposal === proposal ? edits : freshOf(proposal))
  const change = (part: (now: Edits) => Partial<Edits>) => current && setEdits({ ...current, ...part(current) })
  return {
    fields: current?.fields ?? [],
    flip: current?.flip ?? false,
    yaml: current?.yaml ?? null,
    pair: (fields) => change((now) => ({ fields, yaml: withColumns(now.yaml ?? now.proposal.yaml, fields) })),
    turn: (flip) => change((now) => ({ flip, yaml: withFlip(now.yaml ?? now.proposal.yaml, flip) })),
    write: (yaml) => change((now) => (yaml === null ? freshOf(now.proposal) : { yaml })),
  }
}

function freshOf(proposal: Proposal): Edits {
  return { proposal, fields: proposal.fields, flip: proposal.flip_right_sign, yaml: null }
}
