import { ArrowLeftRight } from 'lucide-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate } from 'react-router'
import type { JobOut, ProjectOut } from '@/api/generated'
import { isNamedByFiles, isUnfinished, jobsQuery } from '@/api/jobs'
import { flattened } from '@/api/paging'
import { JobStatusBadge } from '@/components/Badge'
import type { Column } from '@/components/DataTable'
import { ProgressBar } from '@/components/ProgressBar'
import { Ago, Count, Nothing } from '@/components/Value'
import { ProjectTable } from './ProjectTable'
import { text } from './text'

const count = (job: JobOut, value: number) => (job.status === 'done' ? <Count value={value} /> : <Nothing />)

const COLUMNS: readonly Column<JobOut>[] = [
  {
    id: 'job',
    header: text.job,
    width: 'minmax(14rem, 3fr)',
    cell: (job) => (
      <span className="block min-w-0">
        <span className="block truncate font-medium">{job.name}</span>
        {!isNamedByFiles(job) && (
          <span className="block truncate text-12 text-muted">
            {job.left_file_name} ⇄ {job.right_file_name}
          </span>
        )}
      </span>
    ),
  },
  {
    id: 'status',
    header: text.status,
    width: 'minmax(7rem, 1fr)',
    cell: (job) =>
      isUnfinished(job) && job.progress ? (
        <span className="flex flex-col items-start gap-1.5">
          <JobStatusBadge status={job.status} />
          <ProgressBar isThin label={job.name} fraction={job.progress.fraction} />
        </span>
      ) : (
        <JobStatusBadge status={job.status} />
      ),
  },
  { id: 'confirmed', header: text.confirmed, width: '5.5rem', align: 'end', cell: (job) => count(job, job.confirmed) },
  { id: 'suggested', header: text.suggested, width: '5.5rem', align: 'end', cell: (job) => count(job, job.suggested) },
  { id: 'exceptions', header: text.exceptions, width: '5.5rem', align: 'end', cell: (job) => count(job, job.exceptions) },
  { id: 'started', header: text.started, isOptional: true, width: '7rem', cell: (job) => <Ago time={job.created_at} /> },
  { id: 'by', header: text.by, isOptional: true, width: 'minmax(5rem, 1fr)', cell: (job) => job.created_by },
]

export function JobList({ project }: { project: ProjectOut }) {
  const navigate = useNavigate()
  const list = useInfiniteQuery(jobsQuery(project.id))
  const { items, total } = flattened(list.data)
  return (
    <ProjectTable
      project={project}
      label={text.jobs}
      query={list}
      rows={items}
      total={total}
      columns={COLUMNS}
      empty={{ icon: ArrowLeftRight, title: text.noJobs, hint: text.noJobsHint }}
      onOpen={(job) => void navigate(`/jobs/${job.id}`)}
    />
  )
}
