import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Play, RotateCcw } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useNavigate } from 'react-router'

import type { FileOut, RulesetOut } from '@/api/generated'
import { jobQuery, startJob } from '@/api/jobs'
import { Badge } from '@/components/Badge'
import { Button } from '@/components/Button'
import { ErrorLine } from '@/components/ErrorState'
import { SaveRuleset } from '@/components/SaveRuleset'
import { SkeletonRows } from '@/components/Skeleton'
import { command, useCommands } from '@/lib/commands'
import { wordFor } from '@/lib/vocabulary'

import { SavedRulesets, useSavedRulesets } from './SavedRulesets'
import { text } from './text'
import type { Draft } from './useDraft'

/** What will be done, in words, and the same as YAML for those who want it. */
export function ProposedPasses({ projectId, draft }: { projectId: string; draft: Draft }) {
  const { proposal, yaml, write } = draft
  const { saved, chosen } = useSavedRulesets(projectId, yaml)
  const { passes } = chosen ?? proposal
  return (
    <>
      <SavedRulesets saved={saved} chosen={chosen} onChoose={(ruleset) => (ruleset ? write(ruleset.yaml, pairsOf(ruleset, draft)) : write(null))} />
      <p className="mb-2 flex items-center gap-2 text-13 font-medium">
        {text.passes}
        {yaml !== null && !chosen && <Badge meaning="suggested">{text.edited}</Badge>}
        {draft.isProposing && (
          <span role="status" className="font-normal text-muted">
            {text.proposingRules}
          </span>
        )}
      </p>
      {draft.isProposing && passes.length === 0 && <SkeletonRows rows={2} />}
      <ol className="space-y-2">
        {passes.map((pass, index) => (
          <li key={pass.name} className="flex gap-3 text-13">
            <span aria-hidden className="tabular w-4 shrink-0 text-right text-muted">
              {index + 1}
            </span>
            <span className="min-w-0">
              <span className="font-medium">{pass.name}</span> <span className="text-12 text-muted">{wordFor('method', pass.kind)}</span>
              <span className="block text-soft">{pass.sentence}</span>
            </span>
          </li>
        ))}
      </ol>
      <YamlFold projectId={projectId} yaml={yaml ?? proposal.yaml} isEdited={yaml !== null} onYaml={(written) => write(written)} />
    </>
  )
}

/** A ruleset that names no columns takes those that mean the same by themselves. */
const pairsOf = (ruleset: RulesetOut, draft: Draft) => (ruleset.fields.length > 0 ? ruleset.fields : draft.found.fields)

type RunProps = { projectId: string; left: FileOut; right: FileOut; draft: Draft }

const COMMANDS = [
  command<{ run: () => void; canRun: boolean }>({ id: 'reconcile.run', label: text.run, key: 'mod+enter', group: text.group, icon: Play, enabled: ({ canRun }) => canRun, run: ({ run }) => run() }),
]

/** The one button, in sight wherever the page is scrolled to. It has the focus as soon as all is ready, so that Enter is enough. */
export function RunBar({ projectId, left, right, draft }: RunProps) {
  const { yaml } = draft
  const canRun = draft.fields.length > 0 && !draft.isProposing
  const navigate = useNavigate()
  const queries = useQueryClient()
  const button = useRef<HTMLButtonElement>(null)
  const start = useMutation({
    mutationFn: () => startJob(projectId, { name: '', left_file_id: left.id, right_file_id: right.id, priority: 5, ...(yaml !== null && { ruleset_yaml: yaml }) }),
    onSuccess: (job) => {
      queries.setQueryData(jobQuery(job.id).queryKey, job)
      void queries.invalidateQueries({ queryKey: ['lounge'] })
      void navigate(`/jobs/${job.id}`)
    },
  })
  useCommands(COMMANDS, { run: () => start.mutate(), canRun: canRun && !start.isPending })
  useEffect(() => {
    if (document.activeElement === document.body || document.activeElement === null) button.current?.focus({ preventScroll: true })
  }, [])
  return (
    <div className="sticky bottom-0 z-10 -mx-1 bg-canvas px-1 pb-4">
      <div className="space-y-2 rounded-md border border-line-strong bg-surface px-4 py-3">
        <ErrorLine error={start.error} />
        <div className="flex items-center gap-4">
          <Button ref={button} tone="primary" size="large" icon={Play} isBusy={start.isPending} disabled={!canRun} onClick={() => start.mutate()}>
            {text.run}
          </Button>
          <p className="text-12 text-muted">{draft.fields.length === 0 ? text.nonePaired : text.runHint}</p>
        </div>
      </div>
    </div>
  )
}

function YamlFold({ projectId, yaml, isEdited, onYaml }: { projectId: string; yaml: string; isEdited: boolean; onYaml: (yaml: string | null) => void }) {
  return (
    <details className="mt-4">
      <summary className="cursor-pointer text-13 text-soft hover:text-ink">{text.yaml}</summary>
      <p className="mt-2 flex items-center gap-3 text-12 text-muted">
        {text.yamlHint}
        <SaveRuleset projectId={projectId} yaml={yaml} />
        {isEdited && (
          <Button size="small" tone="quiet" icon={RotateCcw} onClick={() => onYaml(null)}>
            {text.reset}
          </Button>
        )}
      </p>
      <textarea
        aria-label={text.yaml}
        spellCheck={false}
        rows={16}
        value={yaml}
        onChange={(event) => onYaml(event.target.value)}
        className="mt-2 w-full rounded-md border border-line-strong bg-surface p-3 font-mono text-12"
      />
    </details>
  )
}
