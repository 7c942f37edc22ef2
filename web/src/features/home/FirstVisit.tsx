import { FileSpreadsheet, Sparkles } from 'lucide-react'
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from 'react-router'
import type { ProjectOut } from '@/api/generated'
import { flattened } from '@/api/paging'
import { createProject, projectsQuery } from '@/api/projects'
import { Button, ButtonLink } from '@/components/Button'
import { DropZone } from '@/components/DropZone'
import { ErrorLine } from '@/components/ErrorState'
import { useOpenDemo } from '@/components/useOpenDemo'
import { handOverFiles } from '@/lib/droppedFiles'
import { text } from './text'

/** Nothing has been compared yet: the page is the invitation to do it. */
export function FirstVisit({ projects }: { projects: number }) {
  const start = useStart(projects)
  return (
    <div className="flex min-h-full flex-col gap-4 p-4 tablet:p-8">
      <h1 className="sr-only">{text.newReconciliation}</h1>
      <DropZone label={text.dropLabel} onFiles={start.withFiles} className="min-h-80 flex-1">
        <span aria-hidden className="mb-4 flex items-center gap-3 text-muted">
          <FileSpreadsheet size={44} strokeWidth={1} />
          <span className="text-20 text-line-strong">⇄</span>
          <FileSpreadsheet size={44} strokeWidth={1} />
        </span>
        <span className="text-28 font-semibold">{text.dropTitle}</span>
        <span className="max-w-md text-14 text-muted">{text.dropHint}</span>
        <span className="mt-4 inline-flex h-10 items-center rounded-md bg-accent-fill px-4 text-14 font-medium text-on-fill">{text.dropButton}</span>
      </DropZone>
      <ErrorLine error={start.error} />
      {start.projects.length > 0 ? <GoOn projects={start.projects} /> : <OpenDemo />}
    </div>
  )
}

function OpenDemo() {
  const demo = useOpenDemo()
  return (
    <div className="flex flex-wrap items-center justify-center gap-x-4 gap-y-2 py-2 text-13 text-muted">
      <Button icon={Sparkles} isBusy={demo.isPending} onClick={demo.open}>
        {text.openDemo}
      </Button>
      {text.demoHint}
    </div>
  )
}

const SHOWN_MAX = 3

/** Projects are there, but nothing in them has been compared yet. */
function GoOn({ projects }: { projects: readonly ProjectOut[] }) {
  return (
    <div className="flex flex-wrap items-center justify-center gap-2 py-2 text-13 text-muted">
      {text.goOn}
      {projects.slice(0, SHOWN_MAX).map((project) => (
        <ButtonLink key={project.id} to={`/projects/${project.id}`} className="max-w-72">
          <span className="truncate">{project.name}</span>
        </ButtonLink>
      ))}
    </div>
  )
}

/** Lead the files to a new reconciliation, in the only project there is or in a first one. */
function useStart(projects: number) {
  const navigate = useNavigate()
  const queries = useQueryClient()
  const { items } = flattened(useInfiniteQuery({ ...projectsQuery(), enabled: projects > 0 }).data)
  const { mutate, error } = useMutation({
    mutationFn: async (files: File[]) => {
      const project = items[0] ?? (await createProject({ name: text.firstProject, description: '' }))
      return { project, files }
    },
    onSuccess: ({ project, files }) => {
      handOverFiles(files)
      void queries.invalidateQueries({ queryKey: ['projects'] })
      void navigate(`/projects/${project.id}/reconcile`)
    },
  })
  return { withFiles: mutate, error, projects: items }
}
