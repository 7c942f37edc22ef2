import { formatShare } from '@/lib/format'

/** A share 0..1 of something under way; null where nobody can tell yet. */
export function ProgressBar({ label, fraction, isThin = false }: { label: string; fraction: number | null; isThin?: boolean }) {
  const share = fraction === null ? null : Math.max(0, Math.min(1, fraction))
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={share === null ? undefined : Math.floor(share * 100)}
      aria-valuetext={share === null ? undefined : formatShare(share, 0)}
      className={`w-full overflow-hidden rounded-full bg-sunken ring-1 ring-line ring-inset ${isThin ? 'h-1' : 'h-2'}`}
    >
      <div
        className={share === null ? 'skeleton h-full w-full' : 'h-full origin-left rounded-full bg-accent-fill transition-[width] duration-150'}
        style={share === null ? undefined : { width: `${share * 100}%` }}
      />
    </div>
  )
}
