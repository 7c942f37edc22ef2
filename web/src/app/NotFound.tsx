import { Compass } from 'lucide-react'
import { ButtonLink } from '@/components/Button'
import { usePlace } from '@/components/place'
import { text } from './text'

export function NotFound() {
  usePlace({ title: text.notFoundTitle })
  return (
    <div className="flex h-full flex-col items-center justify-center gap-2 px-6 text-center">
      <Compass aria-hidden size={32} strokeWidth={1.25} className="mb-2 text-muted" />
      <h1 className="text-20 font-semibold">{text.notFoundTitle}</h1>
      <p className="max-w-md text-14 text-muted">{text.notFoundHint}</p>
      <ButtonLink to="/" tone="primary" className="mt-4">
        {text.backHome}
      </ButtonLink>
    </div>
  )
}
