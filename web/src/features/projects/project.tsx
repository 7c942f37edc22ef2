import { ArrowLeftRight, Ellipsis, Pencil, Trash2 } from 'lucide-react'
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState, type ReactNode } from 'react'
import { useNavigate, useParams, useSearchParams } from 'react-router'
import { ApiError } from '@/api/errors'
import type { ProjectOut } from '@/api/generated'
import { filesQuery } from '@/api/files'
import { jobsQuery } from '@/api/jobs'
import { useLiveProject } from '@/api/live'
import { flattened } from '@/api/paging'
import { deleteProject, membersQuery, projectQuery } from '@/api/projects'
import { rulesetsQuery } from '@/api/rulesets'
import { ButtonLink, IconButton } from '@/components/Button'
import { ConfirmDialog } from '@/components/ConfirmDialog'
import { ErrorState } from '@/components/ErrorState'
import { Menu } from '@/components/Menu'
import { Page } from '@/components/Page'
import { usePlace } from '@/components/place'
import { Skeleton, SkeletonRows } from '@/components/Skeleton'
import { Tabs } from '@/components/Tabs'
import { showToast } from '@/components/toast'
import { useAppDispatch } from '@/state'
import { projectForgotten, projectVisited } from '@/state/lastProject'
import { EditProject } from './EditProject'
import { FileList } from './FileList'
import { JobList } from './JobList'
import { MemberList } from './MemberList'
import { RulesetList } from './RulesetList'
import { text } from './text'

const TABS: Record<string, (project: ProjectOut) => ReactNode> = {
  jobs: (project) => <JobList project={project} />,
  files: (project) => <FileList project={project} />,
  rulesets: (project) => <RulesetList project={project} />,
  members: (project) => <MemberList project={project} />,
}

export default function ProjectPage() {
  const { projectId = '' } = useParams()
  const { data: project, error, refetch } = useQuery(projectQuery(projectId))
  usePlace({ title: project?.name ?? text.projects, project })
  useLiveProject(projectId)
  const dispatch = useAppDispatch()
  useEffect(() => {
    if (project) dispatch(projectVisited(project.id))
    else if (error instanceof ApiError && error.status === 404) dispatch(projectForgotten())
  }, [project, error, dispatch])
  if (error && !project) return <ErrorState isPage error={error} onRetry={() => void refetch()} />
  if (!project) return <ProjectSkeleton />
  return <ProjectView project={project} />
}

function ProjectView({ project }: { project: ProjectOut }) {
  const [parameters, setParameters] = useSearchParams()
  const tab = parameters.get('tab') ?? (project.job_count > 0 ? 'jobs' : 'files')
  const counts = useCounts(project)
  return (
    <Page
      title={project.name}
      description={project.description || undefined}
      actions={
        <>
          {project.role !== 'viewer' && (
            <ButtonLink tone="primary" icon={ArrowLeftRight} to={`/projects/${project.id}/reconcile`}>
              {text.startHere}
            </ButtonLink>
          )}
          {project.role === 'owner' && <ProjectMenu project={project} />}
        </>
      }
    >
      <div>
        <Tabs
          label={project.name}
          tabs={[
            { id: 'jobs', label: text.jobs, count: counts.jobs },
            { id: 'files', label: text.files, count: counts.files },
            { id: 'rulesets', label: text.rulesets, count: counts.rulesets },
            { id: 'members', label: text.members, count: counts.members },
          ]}
          chosen={tab}
          onChoose={(id) => setParameters({ tab: id }, { replace: true })}
        >
          <div className="mt-4">{(TABS[tab] ?? TABS.files)?.(project)}</div>
        </Tabs>
      </div>
    </Page>
  )
}

function useCounts(project: ProjectOut) {
  return {
    jobs: flattened(useInfiniteQuery(jobsQuery(project.id)).data).total || project.job_count,
    files: flattened(useInfiniteQuery(filesQuery(project.id)).data).total || project.file_count,
    rulesets: useInfiniteQuery(rulesetsQuery(project.id)).data?.pages.at(-1)?.total,
    members: useQuery(membersQuery(project.id)).data?.length,
  }
}

function ProjectMenu({ project }: { project: ProjectOut }) {
  const navigate = useNavigate()
  const dispatch = useAppDispatch()
  const queries = useQueryClient()
  const [open, setOpen] = useState<'edit' | 'delete' | null>(null)
  const remove = useMutation({
    mutationFn: () => deleteProject(project.id),
    onSuccess: () => {
      dispatch(projectForgotten())
      showToast(text.deleted(project.name))
      void navigate('/projects')
      queries.removeQueries({ queryKey: ['project', project.id] })
      void queries.invalidateQueries({ queryKey: ['projects'] })
      void queries.invalidateQueries({ queryKey: ['overview'] })
    },
  })
  return (
    <>
      <Menu
        label={text.more}
        align="end"
        items={[
          { id: 'edit', label: text.editProject, icon: Pencil, onSelect: () => setOpen('edit') },
          { id: 'delete', label: text.deleteProject, icon: Trash2, isDanger: true, onSelect: () => setOpen('delete') },
        ]}
        trigger={(props) => <IconButton {...props} icon={Ellipsis} label={text.more} className="border border-line-strong" />}
      />
      {open === 'edit' && <EditProject project={project} onClose={() => setOpen(null)} />}
      <ConfirmDialog
        isOpen={open === 'delete'}
        title={text.deleteTitle(project.name)}
        verb={text.deleteProject}
        isBusy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate()}
        onClose={() => setOpen(null)}
      >
        {text.deleteHint}
      </ConfirmDialog>
    </>
  )
}

function ProjectSkeleton() {
  return (
    <Page title={<Skeleton className="h-7 w-72" />}>
      <div className="rounded-md border border-line bg-surface">
        <SkeletonRows rows={5} />
      </div>
    </Page>
  )
}
