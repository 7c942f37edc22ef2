import { Ban, CircleCheck, CircleDashed, CircleDot, CircleHelp, CircleX, Clock, LoaderCircle, TriangleAlert, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import type { FileStatus, JobStatus, MatchStatus } from '@/api/generated'
import { classes } from '@/lib/classes'
import { text } from './text'

/** The colours that mean something. Each always comes with an icon and a word. */
export type Meaning = 'matched' | 'suggested' | 'open' | 'conflict' | 'neutral'

const COLOURS: Record<Meaning, string> = {
  matched: 'bg-matched-soft text-matched',
  suggested: 'bg-suggested-soft text-suggested',
  open: 'bg-open-soft text-open',
  conflict: 'bg-conflict-soft text-conflict',
  neutral: 'bg-line text-soft',
}

export function Badge({ meaning = 'neutral', icon: Icon, children }: { meaning?: Meaning; icon?: LucideIcon; children: ReactNode }) {
  return (
    <span className={classes('inline-flex h-5 items-center gap-1 rounded-sm px-1.5 text-12 font-medium whitespace-nowrap', COLOURS[meaning])}>
      {Icon && <Icon aria-hidden size={12} strokeWidth={2.25} />}
      {children}
    </span>
  )
}

type Look = { meaning: Meaning; icon: LucideIcon; word: string }

export const RECORD_LOOKS = {
  matched: { meaning: 'matched', icon: CircleCheck, word: text.status.matched },
  suggested: { meaning: 'suggested', icon: CircleHelp, word: text.status.suggested },
  open: { meaning: 'open', icon: CircleDashed, word: text.status.open },
  conflict: { meaning: 'conflict', icon: TriangleAlert, word: text.status.conflict },
  rejected: { meaning: 'neutral', icon: CircleX, word: text.status.rejected },
  excluded: { meaning: 'neutral', icon: Ban, word: text.status.excluded },
} as const satisfies Record<string, Look>

const MATCH_LOOKS: Record<MatchStatus, Look> = {
  confirmed: RECORD_LOOKS.matched,
  suggested: RECORD_LOOKS.suggested,
  rejected: RECORD_LOOKS.rejected,
}
const JOB_LOOKS: Record<JobStatus, Look> = {
  queued: { meaning: 'neutral', icon: Clock, word: text.job.queued },
  running: { meaning: 'open', icon: LoaderCircle, word: text.job.running },
  done: { meaning: 'matched', icon: CircleCheck, word: text.job.done },
  failed: { meaning: 'conflict', icon: TriangleAlert, word: text.job.failed },
  cancelled: { meaning: 'neutral', icon: Ban, word: text.job.cancelled },
}
const FILE_LOOKS: Record<FileStatus, Look> = {
  stored: { meaning: 'neutral', icon: Clock, word: text.file.stored },
  reading: { meaning: 'open', icon: CircleDot, word: text.file.reading },
  question: { meaning: 'suggested', icon: CircleHelp, word: text.file.question },
  ready: { meaning: 'matched', icon: CircleCheck, word: text.file.ready },
  rejected: { meaning: 'conflict', icon: TriangleAlert, word: text.file.rejected },
}

const ofLook = ({ meaning, icon, word }: Look) => (
  <Badge meaning={meaning} icon={icon}>
    {word}
  </Badge>
)

export type RecordStatus = keyof typeof RECORD_LOOKS
export const MatchStatusBadge = ({ status }: { status: MatchStatus }) => ofLook(MATCH_LOOKS[status])
export const JobStatusBadge = ({ status }: { status: JobStatus }) => ofLook(JOB_LOOKS[status])
export const FileStatusBadge = ({ status }: { status: FileStatus }) => ofLook(FILE_LOOKS[status])
