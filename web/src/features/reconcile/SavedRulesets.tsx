import { useInfiniteQuery } from '@tanstack/react-query'

import { flattened } from '@/api/paging'
import type { RulesetOut } from '@/api/generated'
import { rulesetsQuery } from '@/api/rulesets'
import { Select } from '@/components/Field'

import { text } from './text'

/** The rulesets of the project: the one whose text is about to run is chosen. */
export function useSavedRulesets(projectId: string, yaml: string | null) {
  const saved = flattened(useInfiniteQuery(rulesetsQuery(projectId)).data).items
  return { saved, chosen: saved.find((ruleset) => ruleset.yaml === yaml) }
}

type Props = { saved: readonly RulesetOut[]; chosen: RulesetOut | undefined; onChoose: (ruleset: RulesetOut | undefined) => void }

/** Compare these files the way others were: by a saved ruleset instead of what is proposed. */
export function SavedRulesets({ saved, chosen, onChoose }: Props) {
  if (saved.length === 0) return null
  return (
    <div className="mb-3 max-w-sm">
      <Select label={text.ruleset} value={chosen?.id ?? ''} onChange={(event) => onChoose(saved.find((ruleset) => ruleset.id === event.target.value))}>
        <option value="">{text.proposedRuleset}</option>
        {saved.map((ruleset) => (
          <option key={ruleset.id} value={ruleset.id}>
            {ruleset.name}
          </option>
        ))}
      </Select>
    </div>
  )
}
