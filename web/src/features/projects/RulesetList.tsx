import { ChevronRight, ListFilter } from 'lucide-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import type { ProjectOut, RulesetOut } from '@/api/generated'
import { flattened } from '@/api/paging'
import { rulesetsQuery } from '@/api/rulesets'
import { EmptyState } from '@/components/EmptyState'
import { Ago } from '@/components/Value'
import { YamlText } from '@/components/YamlText'
import { formatPlural } from '@/lib/format'
import { ListFrame } from './ListFrame'
import { text } from './text'

/** The saved rulesets, each as the sentences of its passes. */
export function RulesetList({ project }: { project: ProjectOut }) {
  const list = useInfiniteQuery(rulesetsQuery(project.id))
  const { items } = flattened(list.data)
  return (
    <ListFrame
      query={list}
      isEmpty={items.length === 0}
      empty={
        <EmptyState icon={ListFilter} title={text.noRulesets}>
          {text.noRulesetsHint}
        </EmptyState>
      }
    >
      <ul>
        {items.map((ruleset) => (
          <RulesetItem key={ruleset.id} ruleset={ruleset} />
        ))}
      </ul>
    </ListFrame>
  )
}

function RulesetItem({ ruleset }: { ruleset: RulesetOut }) {
  return (
    <li className="border-b border-line last:border-b-0">
      <details className="group">
        <summary className="flex min-h-13 cursor-pointer list-none items-center gap-4 px-4 py-2 outline-offset-[-2px] hover:bg-canvas">
          <ChevronRight aria-hidden size={16} className="shrink-0 text-muted group-open:rotate-90" />
          <span className="min-w-0 flex-1">
            <span className="block truncate text-13 font-medium">{ruleset.name}</span>
            <span className="block text-12 text-muted">
              {text.version(ruleset.version)} · {formatPlural(ruleset.passes.length, text.passes)}
            </span>
          </span>
          <span className="text-12 text-muted">
            {ruleset.created_by} · <Ago time={ruleset.created_at} />
          </span>
        </summary>
        <ol className="flex flex-col gap-2 border-t border-line bg-canvas px-4 py-3">
          {ruleset.passes.map((pass, index) => (
            <li key={pass.name} className="flex gap-3 text-13">
              <span className="tabular text-muted">{index + 1}</span>
              <span>
                <span className="font-medium">{pass.name}</span> <span className="text-soft">{pass.sentence}</span>
              </span>
            </li>
          ))}
        </ol>
        <div className="border-t border-line bg-canvas px-4 py-3">
          <YamlText yaml={ruleset.yaml} />
        </div>
      </details>
    </li>
  )
}
