import { Compass } from 'lucide-react'
import { ButtonLink } from '@/components/Button'
import { EmptyState } from '@/components/EmptyState'
import { usePlace } from '@/components/place'
import { text } from './text'

export function NotFound() {
  usePlace({ title: text.notFoundTitle })
  return (
    <div className="flex h-full items-center justify-center">
      <EmptyState
        icon={Compass}
        title={text.notFoundTitle}
        action={
          <ButtonLink to="/" tone="primary">
            {text.backHome}
          </ButtonLink>
        }
      >
        {text.notFoundHint}
      </EmptyState>
    </div>
  )
}
