import type { Proposal } from '@/api/generated'
import { formatShare } from '@/lib/format'

import { text } from './text'

/** Whether the right side writes its amounts with the other sign, and how many rows would pair either way. Nothing where there are no amounts. */
export function SignChoice({ proposal, flip, onChange }: { proposal: Proposal; flip: boolean; onChange: (flip: boolean) => void }) {
  if (proposal.flip_share === 0 && proposal.keep_share === 0) return null
  const choices = [
    { value: false, label: text.keep, share: proposal.keep_share },
    { value: true, label: text.flip, share: proposal.flip_share },
  ]
  return (
    <fieldset className="mt-5">
      <legend className="mb-1 text-13 font-medium">{text.sign}</legend>
      {choices.map(({ value, label, share }) => (
        <label key={label} className="flex cursor-pointer items-center gap-2 py-0.5 text-13">
          <input type="radio" name="sign" className="accent-accent-fill" checked={flip === value} onChange={() => onChange(value)} />
          {label}
          <span className="tabular text-muted">{text.wouldPair(formatShare(share, 0))}</span>
        </label>
      ))}
    </fieldset>
  )
}
