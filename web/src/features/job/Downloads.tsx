import { Download } from 'lucide-react'

import { DOWNLOADS, downloadUrl } from '@/api/jobs'

import { text } from './text'

/** The result as files, as it stands now with all decisions. */
export function Downloads({ jobId }: { jobId: string }) {
  return (
    <nav aria-label={text.downloads} className="flex flex-wrap items-center gap-x-5 gap-y-1 text-13">
      <span className="text-muted">{text.downloads}</span>
      {DOWNLOADS.map((name) => (
        <a key={name} href={downloadUrl(jobId, name)} download className="inline-flex items-center gap-1.5 rounded-sm font-medium text-accent underline-offset-2 hover:underline">
          <Download aria-hidden size={14} />
          {text.downloadNames[name]}
        </a>
      ))}
    </nav>
  )
}
