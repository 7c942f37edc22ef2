import { RefreshCw, TriangleAlert } from 'lucide-react'
import { Component, type ReactNode } from 'react'
import { Button } from '@/components/Button'
import { text } from './text'

/** The last net under a page. A class, because React catches render errors in no other way. */
export class CrashBoundary extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null }

  static getDerivedStateFromError(error: unknown) {
    return { error: error instanceof Error ? error : new Error(String(error)) }
  }

  override render() {
    const { error } = this.state
    if (!error) return this.props.children
    return (
      <main role="alert" className="flex h-full flex-col items-center justify-center gap-3 p-8 text-center">
        <TriangleAlert aria-hidden size={24} className="text-conflict" />
        <h1 className="text-16 font-semibold">{text.crashTitle}</h1>
        <p className="max-w-lg text-13 text-muted">{text.crashHint}</p>
        <code className="max-w-lg rounded-md bg-sunken px-3 py-2 font-mono text-12 break-words select-all">{error.message}</code>
        <Button icon={RefreshCw} onClick={() => location.reload()}>
          {text.reload}
        </Button>
      </main>
    )
  }
}
