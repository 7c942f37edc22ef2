import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import type { FileOut, PairedFieldOut, Proposal } from '@/api/generated'
import { proposalQuery } from '@/api/rulesets'

import { withColumns, withFlip } from './rulesetDraft'

export type Draft = {
  /** What was found in the files themselves. */
  readonly found: Proposal
  /** What will be done: as found, or as fits the pairs that a person chose. */
  readonly proposal: Proposal
  readonly fields: readonly PairedFieldOut[]
  readonly flip: boolean
  /** The whole ruleset as edited; null while nothing is. */
  readonly yaml: string | null
  /** The rules for the pairs as they are now are not here: still to come, or refused. */
  readonly isProposing: boolean
  pair: (fields: PairedFieldOut[]) => void
  turn: (flip: boolean) => void
  /** Take a text, with the pairs where they are known; null goes back to what was found. */
  write: (yaml: string | null, fields?: readonly PairedFieldOut[]) => void
}

export type DraftState = { readonly draft: Draft | undefined; readonly error: unknown; readonly retry: () => void }

/** What a person changed of what was found; null is unchanged. A text that was written by hand is edited as text and no rules are proposed for it. */
type Edits = { readonly found: Proposal; readonly fields: readonly PairedFieldOut[] | null; readonly flip: boolean | null; readonly yaml: string | null }

/** The ruleset of two files on its way to a run. Another proposal (other files, other answers) starts afresh. */
export function useDraft(left: FileOut | undefined, right: FileOut | undefined): DraftState {
  const areReady = left?.status === 'ready' && right?.status === 'ready'
  const [edits, setEdits] = useState<Edits | null>(null)
  const first = useQuery({ ...proposalQuery(left, right), enabled: areReady })
  const found = areReady ? first.data : undefined
  const current = found && (edits?.found === found ? edits : unchanged(found))
  const chosen = current?.yaml === null && current.fields && current.fields.length > 0 ? current.fields : null
  const again = useQuery({
    ...proposalQuery(left, right, chosen),
    enabled: areReady && chosen !== null,
    placeholderData: (before, query) => (query?.queryKey[1] === left?.id && query?.queryKey[2] === right?.id ? before : undefined),
  })
  const retry = () => void (found ? again : first).refetch()
  if (!current) return { draft: undefined, error: first.error, retry }

  const proposal = (chosen && again.data) ?? current.found
  const fields = current.fields ?? current.found.fields
  const flip = current.flip ?? proposal.flip_right_sign
  const change = (part: Partial<Edits>) => setEdits({ ...current, ...part })
  const isProposing = chosen !== null && (again.data === undefined || again.isPlaceholderData)
  const isChanged = current.fields !== null || current.flip !== null
  const draft: Draft = {
    found: current.found,
    proposal,
    fields,
    flip,
    yaml: current.yaml ?? (isChanged ? withFlip(withColumns(proposal.yaml, chosen && !isProposing ? proposal.fields : fields), flip) : null),
    isProposing,
    pair: (paired) => change({ fields: paired, yaml: current.yaml && withColumns(current.yaml, paired) }),
    turn: (turned) => change({ flip: turned, yaml: current.yaml && withFlip(current.yaml, turned) }),
    write: (yaml, written) => change(yaml === null ? unchanged(current.found) : { yaml, fields: written ?? fields }),
  }
  return { draft, error: chosen && again.error, retry }
}

function unchanged(found: Proposal): Edits {
  return { found, fields: null, flip: null, yaml: null }
}
