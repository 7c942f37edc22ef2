import { useMutation, useQueries, useQueryClient } from '@tanstack/react-query'
import { Combine } from 'lucide-react'

import { combineFiles, fileQuery, isBeingRead } from '@/api/files'
import { Button } from '@/components/Button'
import { ErrorLine } from '@/components/ErrorState'
import { formatCount } from '@/lib/format'

import { text } from './text'

type Props = { projectId: string; fileIds: string[]; onCombined: (fileId: string) => void }

/** Several files of one side: compare them as one, in which what overlaps counts once. */
export function Together({ projectId, fileIds, onCombined }: Props) {
  const queries = useQueryClient()
  const files = useQueries({ queries: fileIds.map(fileQuery) })
  const isReading = files.some(({ data }) => !data || isBeingRead(data))
  const combine = useMutation({
    mutationFn: () => combineFiles(projectId, fileIds),
    onSuccess: (made) => {
      queries.setQueryData(fileQuery(made.id).queryKey, made)
      void queries.invalidateQueries({ queryKey: ['project', projectId, 'files'] })
      onCombined(made.id)
    },
  })
  return (
    <div className="flex flex-col gap-1.5">
      <div className="flex items-center gap-3">
        <Button size="small" icon={Combine} disabled={isReading} isBusy={combine.isPending} onClick={() => combine.mutate()}>
          {text.together.label(formatCount(fileIds.length))}
        </Button>
        <p className="text-12 text-muted">{text.together.hint}</p>
      </div>
      <ErrorLine error={combine.error} />
    </div>
  )
}
