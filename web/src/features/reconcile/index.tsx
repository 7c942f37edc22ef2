import { useInfiniteQuery } from '@tanstack/react-query'
import { useParams } from 'react-router'
import { filesQuery } from '@/api/files'
import { flattened } from '@/api/paging'
import { FileStatusBadge } from '@/components/Badge'
import { Page } from '@/components/Page'
import { usePlace } from '@/components/place'

export default function ReconcilePage() {
  const { projectId = '' } = useParams()
  const { items } = flattened(useInfiniteQuery(filesQuery(projectId)).data)
  usePlace({ title: 'New reconciliation' })
  return (
    <Page title="New reconciliation">
      <ul>
        {items.map((file) => (
          <li key={file.id}>
            {file.name} <FileStatusBadge status={file.status} />
          </li>
        ))}
      </ul>
    </Page>
  )
}
