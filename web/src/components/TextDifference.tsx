import type { Segment } from '@/lib/textDifference'

/** One side of a compared text: equal parts quiet, what differs marked. Marks are told by an underline as well as by colour. */
export function TextDifference({ segments }: { segments: readonly Segment[] }) {
  return (
    <span className="break-words [overflow-wrap:anywhere]">
      {segments.map((segment, index) => (
        <Part key={index} segment={segment} />
      ))}
    </span>
  )
}

function Part({ segment }: { segment: Segment }) {
  if (segment.kind === 'equal') return <span>{segment.text}</span>
  if (segment.kind === 'form') return <span className="underline decoration-line-strong decoration-dotted underline-offset-3">{segment.text}</span>
  return <mark className="rounded-sm bg-suggested-soft px-0.5 text-suggested underline decoration-suggested underline-offset-3">{segment.text}</mark>
}
