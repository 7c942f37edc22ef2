import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useParams, useSearchParams } from 'react-router'

import { fileQuery, filesQuery } from '@/api/files'
import type { FileOut } from '@/api/generated'
import { useLiveProject } from '@/api/live'
import { flattened } from '@/api/paging'
import { projectQuery } from '@/api/projects'
import { proposalQuery } from '@/api/rulesets'
import { ErrorState } from '@/components/ErrorState'
import { Page } from '@/components/Page'
import { usePlace } from '@/components/place'
import { takeHandedOverFiles } from '@/lib/droppedFiles'
import { formatPlural } from '@/lib/format'

import { FileSlot, slotId, type Side } from './FileSlot'
import { ProposedPasses, RunBar } from './RunStep'
import { SeenStep } from './SeenStep'
import { Step } from './Step'
import { text } from './text'
import { useDraft } from './useDraft'
import { useUpload } from './useUpload'

export default function ReconcilePage() {
  const { projectId = '' } = useParams()
  const { data: project, error, refetch } = useQuery(projectQuery(projectId))
  useLiveProject(projectId)
  usePlace({ title: text.title, project: project && { id: project.id, name: project.name } })
  if (error && !project) return <ErrorState error={error} onRetry={() => void refetch()} />
  return (
    <Page title={text.title} description={text.hint}>
      <Steps key={projectId} projectId={projectId} />
    </Page>
  )
}

/** The chosen files live in the address: a reload, or a link from a failed job, comes back to them. */
function useChosenFiles() {
  const [search, setSearch] = useSearchParams()
  // Two uploads may end before the first one has been drawn: each must see what the other chose.
  const latest = useRef(search)
  useEffect(() => {
    latest.current = search
  }, [search])
  const choose = (side: Side, fileId: string | null) => {
    const next = new URLSearchParams(latest.current)
    if (fileId === null) next.delete(side)
    else next.set(side, fileId)
    latest.current = next
    setSearch(next, { replace: true })
  }
  const left = useQuery({ ...fileQuery(search.get('left') ?? ''), enabled: search.has('left') })
  const right = useQuery({ ...fileQuery(search.get('right') ?? ''), enabled: search.has('right') })
  return {
    left: search.has('left') ? left.data : undefined,
    right: search.has('right') ? right.data : undefined,
    isLeftEmpty: !search.has('left'),
    isRightEmpty: !search.has('right'),
    choose,
  }
}

function Steps({ projectId }: { projectId: string }) {
  const files = useChosenFiles()
  const { left, right, choose } = files
  const uploads = {
    left: useUpload(projectId, (file) => choose('left', file.id)),
    right: useUpload(projectId, (file) => choose('right', file.id)),
  }
  const known = flattened(useInfiniteQuery(filesQuery(projectId)).data).items
  const isReady = left?.status === 'ready' && right?.status === 'ready'
  const proposal = useQuery({ ...proposalQuery(projectId, left?.id ?? '', right?.id ?? ''), enabled: isReady })
  const proposed = isReady ? proposal.data : undefined
  const draft = useDraft(proposed)

  /** Two files dropped on one side are the two sides. */
  function take(side: Side, [first, second]: File[]) {
    const other = side === 'left' ? 'right' : 'left'
    const isOtherEmpty = other === 'left' ? files.isLeftEmpty : files.isRightEmpty
    if (first) uploads[side].start(first)
    if (second && isOtherEmpty) uploads[other].start(second)
  }
  useEffect(() => {
    const handed = takeHandedOverFiles()
    if (handed.length > 0) take('left', handed)
    // Files handed over from another page are taken once, on arrival.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [])

  useFocusOn(files.isLeftEmpty ? slotId('left') : files.isRightEmpty ? slotId('right') : null)

  const slot = (side: Side, file: FileOut | undefined) => (
    <FileSlot
      side={side}
      file={file}
      upload={uploads[side].state}
      known={known}
      onFiles={(dropped) => take(side, dropped)}
      onPick={(fileId) => choose(side, fileId)}
      onClear={() => choose(side, null)}
      onCancel={uploads[side].cancel}
      onRetry={uploads[side].start}
    />
  )
  const hasBoth = left !== undefined && right !== undefined
  return (
    <div className="flex flex-col gap-4">
      <Step number={1} title={text.steps.files} state={hasBoth ? 'done' : 'now'} isFoldedWhenDone summary={hasBoth && `${left.name} ⇄ ${right.name}`}>
        <div className="grid gap-4 tablet:grid-cols-2">
          {slot('left', left)}
          {slot('right', right)}
        </div>
      </Step>
      <Step
        number={2}
        title={text.steps.seen}
        state={!hasBoth ? 'ahead' : proposed ? 'done' : 'now'}
        summary={isReady && [left, right].map((file) => `${formatPlural(file.rows_imported, text.rows)}, ${formatPlural(file.columns.length, text.columns)}`).join(' ⇄ ')}
      >
        {hasBoth && (
          <SeenStep
            left={left}
            right={right}
            proposal={{ data: proposed, error: proposal.error, retry: () => void proposal.refetch() }}
            draft={draft}
            onClear={(side) => choose(side, null)}
          />
        )}
      </Step>
      <Step number={3} title={text.steps.run} state={proposed ? 'now' : 'ahead'} summary="">
        {proposed && <ProposedPasses projectId={projectId} proposal={proposed} yaml={draft.yaml} onYaml={draft.write} />}
      </Step>
      {hasBoth && proposed && <RunBar projectId={projectId} left={left} right={right} yaml={draft.yaml} canRun={draft.fields.length > 0} />}
    </div>
  )
}

/** The next thing to do has the focus, unless the user is somewhere of their own choice: so Enter alone leads through. */
function useFocusOn(id: string | null): void {
  useEffect(() => {
    if (id !== null && document.activeElement === document.body) document.querySelector<HTMLElement>(`#${id} button`)?.focus({ preventScroll: true })
  }, [id])
}
