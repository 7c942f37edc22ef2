import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useParams } from 'react-router'

import { filesQuery } from '@/api/files'
import type { ProjectOut } from '@/api/generated'
import { useLiveProject } from '@/api/live'
import { flattened } from '@/api/paging'
import { projectQuery } from '@/api/projects'
import { ErrorState } from '@/components/ErrorState'
import { Page } from '@/components/Page'
import { usePlace } from '@/components/place'
import { SkeletonRows } from '@/components/Skeleton'
import { takeHandedOverFiles } from '@/lib/droppedFiles'
import { formatPlural } from '@/lib/format'

import { FileSlot, slotId } from './FileSlot'
import { ProposedPasses, RunBar } from './RunStep'
import { SeenStep } from './SeenStep'
import { otherSide, type Side } from './side'
import { Step } from './Step'
import { Templates } from './Templates'
import { text } from './text'
import { Unfinished } from './Unfinished'
import { useChosenFiles, usePreselection } from './useChosenFiles'
import { useDraft } from './useDraft'
import { useUploads } from './useUploads'

export default function ReconcilePage() {
  const { projectId = '' } = useParams()
  const { data: project, error, refetch } = useQuery(projectQuery(projectId))
  useLiveProject(projectId)
  usePlace({ title: text.title, project: project && { id: project.id, name: project.name } })
  if (error && !project) return <ErrorState error={error} onRetry={() => void refetch()} />
  return (
    <Page title={text.title} description={text.hint}>
      {project ? <Steps key={projectId} project={project} /> : <SkeletonRows rows={4} />}
    </Page>
  )
}

function Steps({ project }: { project: ProjectOut }) {
  const projectId = project.id
  const files = useChosenFiles()
  const { left, right, choose } = files
  const { queue, items } = useUploads(projectId, files.chooseIfEmpty)
  const knownFiles = useInfiniteQuery(filesQuery(projectId))
  const known = flattened(knownFiles.data).items
  const areReady = left?.status === 'ready' && right?.status === 'ready'
  const state = useDraft(left, right)
  const { draft } = state
  usePreselection(project, knownFiles.data && known, items.length > 0, files)

  /** Two files dropped on one side are the two sides; more of them are many of that side. */
  function take(side: Side, dropped: File[]) {
    const other = otherSide(side)
    const isOtherFree = files.isEmpty(other) && !items.some((item) => item.side === other)
    const [first, second] = dropped
    if (dropped.length === 2 && first && second && isOtherFree) {
      queue.add(side, [first])
      queue.add(other, [second])
    } else queue.add(side, dropped)
  }
  useEffect(() => {
    const handed = takeHandedOverFiles()
    if (handed.length > 0) take('left', handed)
    // Files handed over from another page are taken once, on arrival.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [])

  useFocusOn(files.isEmpty('left') ? slotId('left') : files.isEmpty('right') ? slotId('right') : null)

  const slot = (side: Side) => (
    <FileSlot
      projectId={projectId}
      side={side}
      file={side === 'left' ? left : right}
      uploads={items.filter((item) => item.side === side && (item.status !== 'done' || item.isSeen))}
      queue={queue}
      known={known}
      onFiles={(dropped) => take(side, dropped)}
      onPick={(fileId) => choose(side, fileId)}
      onClear={() => choose(side, null)}
    />
  )
  const hasBoth = left !== undefined && right !== undefined
  const canRun = draft !== undefined && draft.fields.length > 0
  const isSending = items.some((item) => item.status !== 'done')
  return (
    <div className="flex flex-col gap-4">
      <Step number={1} title={text.steps.files} state={hasBoth && !isSending ? 'done' : 'now'} isFoldedWhenDone summary={hasBoth && `${left.name} ⇄ ${right.name}`}>
        <Unfinished projectId={projectId} running={new Set(items.map((item) => item.uploadId))} onFiles={(dropped) => take(files.isEmpty('left') ? 'left' : 'right', dropped)} />
        <div className="grid gap-4 tablet:grid-cols-2">
          {slot('left')}
          {slot('right')}
        </div>
      </Step>
      <Step
        number={2}
        title={text.steps.seen}
        state={!left && !right ? 'ahead' : canRun ? 'done' : 'now'}
        summary={areReady && [left, right].map((file) => `${formatPlural(file.rows_imported, text.rows)}, ${formatPlural(file.columns.length, text.columns)}`).join(' ⇄ ')}
      >
        {(left || right) && (
          <SeenStep
            left={left}
            right={right}
            state={state}
            canChange={project.role !== 'viewer'}
            onClear={(side) => choose(side, null)}
          />
        )}
      </Step>
      <Step number={3} title={text.steps.run} state={canRun ? 'now' : 'ahead'} summary="">
        {draft && <ProposedPasses projectId={projectId} draft={draft} />}
      </Step>
      <Templates projectId={projectId} />
      {hasBoth && draft && <RunBar projectId={projectId} left={left} right={right} draft={draft} />}
    </div>
  )
}

/** The next thing to do has the focus, unless the user is somewhere of their own choice: so Enter alone leads through. */
function useFocusOn(id: string | null): void {
  useEffect(() => {
    if (id !== null && document.activeElement === document.body) document.querySelector<HTMLElement>(`#${id} button`)?.focus({ preventScroll: true })
  }, [id])
}
