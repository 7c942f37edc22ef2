import { Check, Undo2, X } from 'lucide-react'

import type { DecisionOut } from '@/api/generated'
import { Ago } from '@/components/Value'

import { text } from './text'

/** Who decided what, when, and what was taken back; the newest first. */
export function DecisionHistory({ decisions }: { decisions: readonly DecisionOut[] }) {
  if (decisions.length === 0) return <p className="text-13 text-muted">{text.noDecisions}</p>
  return (
    <ol className="text-13">
      {decisions.map((decision) => (
        <Decision key={decision.id} decision={decision} />
      ))}
    </ol>
  )
}

function Decision({ decision }: { decision: DecisionOut }) {
  const isUndone = decision.undone_at !== null
  const Icon = isUndone ? Undo2 : decision.action === 'accept' ? Check : X
  return (
    <li className="flex items-center gap-2 py-1">
      <Icon aria-hidden size={14} className={isUndone ? 'text-muted' : decision.action === 'accept' ? 'text-matched' : 'text-conflict'} />
      <span className={isUndone ? 'text-muted line-through' : ''}>
        {decision.bulk_id === null ? `${decision.decided_by} ${text.decidedVerb[decision.action]}` : text.confirmedTogether(decision.decided_by)}
      </span>
      <span className="text-12 text-muted">
        <Ago time={decision.decided_at} />
        {isUndone && <>, {text.undoneAt} <Ago time={decision.undone_at} /></>}
      </span>
    </li>
  )
}
