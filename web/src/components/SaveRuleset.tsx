import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Save } from 'lucide-react'
import { useId, useState, type FormEvent } from 'react'
import type { RulesetOut } from '@/api/generated'
import { saveRuleset } from '@/api/rulesets'
import { Button } from './Button'
import { Dialog } from './Dialog'
import { ErrorLine } from './ErrorState'
import { Input } from './Field'
import { text } from './text'
import { showToast } from './toast'

type Props = { projectId: string; yaml: string; onSaved?: (ruleset: RulesetOut) => void }

/** Keep a ruleset under a name in its project, so that the next files are compared the same way. */
export function SaveRuleset(props: Props) {
  const [isOpen, setIsOpen] = useState(false)
  return (
    <>
      <Button size="small" icon={Save} onClick={() => setIsOpen(true)}>
        {text.saveRuleset}
      </Button>
      {isOpen && <SaveDialog {...props} onClose={() => setIsOpen(false)} />}
    </>
  )
}

function SaveDialog({ projectId, yaml, onSaved, onClose }: Props & { onClose: () => void }) {
  const formId = useId()
  const queries = useQueryClient()
  const save = useMutation({
    mutationFn: (name: string) => saveRuleset(projectId, { name, yaml }),
    onSuccess: (ruleset) => {
      void queries.invalidateQueries({ queryKey: ['project', projectId, 'rulesets'] })
      showToast(text.rulesetSaved(ruleset.name), { tone: 'success' })
      onSaved?.(ruleset)
      onClose()
    },
  })
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    save.mutate(String(new FormData(event.currentTarget).get('name')).trim())
  }
  return (
    <Dialog
      isOpen
      size="small"
      title={text.saveRuleset}
      onClose={onClose}
      footer={
        <>
          <Button tone="quiet" onClick={onClose}>
            {text.cancel}
          </Button>
          <Button type="submit" form={formId} tone="primary" isBusy={save.isPending}>
            {text.save}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} className="flex flex-col gap-4">
        <Input label={text.rulesetName} name="name" required maxLength={120} hint={text.rulesetHint} />
        <ErrorLine error={save.error} />
      </form>
    </Dialog>
  )
}
