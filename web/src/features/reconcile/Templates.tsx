import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Trash2 } from 'lucide-react'

import { deleteTemplate, templatesQuery } from '@/api/files'
import type { TemplateOut } from '@/api/generated'
import { IconButton } from '@/components/Button'
import { ErrorLine } from '@/components/ErrorState'
import { formatDate, formatPlural } from '@/lib/format'

import { sentenceOf } from './settledSentence'
import { text } from './text'

const NAMES_SHOWN = 6

/** The answers that are kept for the next file with a header, each with a way to forget it. Nothing where none are kept. */
export function Templates({ projectId }: { projectId: string }) {
  const { data: templates = [] } = useQuery(templatesQuery(projectId))
  if (templates.length === 0) return null
  return (
    <details className="rounded-md border border-line bg-surface px-4 py-3">
      <summary className="cursor-pointer text-13 text-soft hover:text-ink">
        {text.templates.title} <span className="tabular text-muted">{templates.length}</span>
      </summary>
      <p className="mt-1 text-12 text-muted">{text.templates.hint}</p>
      <ul className="mt-2 divide-y divide-line">
        {templates.map((template) => (
          <Line key={template.id} projectId={projectId} template={template} />
        ))}
      </ul>
    </details>
  )
}

function Line({ projectId, template }: { projectId: string; template: TemplateOut }) {
  const queries = useQueryClient()
  const forget = useMutation({
    mutationFn: () => deleteTemplate(template.id),
    onSuccess: () => queries.invalidateQueries({ queryKey: templatesQuery(projectId).queryKey }),
  })
  const more = template.header.length - NAMES_SHOWN
  return (
    <li className="flex items-start gap-3 py-2 text-13">
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">
          {template.header.slice(0, NAMES_SHOWN).join(', ')}
          {more > 0 && <span className="text-muted"> {text.templates.more(more)}</span>}
        </p>
        <p className="text-soft">{template.settled.map(sentenceOf).join(' · ')}</p>
        <p className="text-12 text-muted">
          {text.templates.saved(template.file_name, formatDate(template.saved_at), template.saved_by)} · {formatPlural(template.used_count, text.templates.used)}
        </p>
        <ErrorLine error={forget.error} />
      </div>
      <IconButton size="small" icon={Trash2} label={text.templates.forget(template.file_name)} disabled={forget.isPending} onClick={() => forget.mutate()} />
    </li>
  )
}
