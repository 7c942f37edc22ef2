import { ArrowLeftRight, FolderKanban } from 'lucide-react'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useNavigate } from 'react-router'
import { overviewQuery } from '@/api/analytics'
import { flattened } from '@/api/paging'
import { projectsQuery } from '@/api/projects'
import { CommandPalette, type PaletteEntry } from '@/components/CommandPalette'
import { text } from '../text'

/** The palette with what this application holds: commands, projects, recent jobs. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate()
  const { items: projects } = flattened(useInfiniteQuery(projectsQuery()).data)
  const { data: overview } = useQuery(overviewQuery())
  const entries: PaletteEntry[] = [
    ...projects.map((project) => ({
      id: project.id,
      label: project.name,
      group: text.groupProjects,
      icon: FolderKanban,
      run: () => void navigate(`/projects/${project.id}`),
    })),
    ...[...(overview?.running ?? []), ...(overview?.recent ?? [])].map((job) => ({
      id: job.id,
      label: job.name,
      hint: job.project_name,
      group: text.groupJobs,
      icon: ArrowLeftRight,
      run: () => void navigate(`/jobs/${job.id}`),
    })),
  ]
  return <CommandPalette title={text.palette} entries={entries} onClose={onClose} />
}
