/** A trend in the size of a word. `label` says what a reader would see in it. */
export function Sparkline({
  label,
  values,
  widthPixels = 96,
  heightPixels = 24,
}: {
  label: string
  values: readonly number[]
  widthPixels?: number
  heightPixels?: number
}) {
  if (values.length < 2) return null
  const low = Math.min(...values)
  const span = Math.max(...values) - low || 1
  const inset = 3
  const points = values.map((value, index) => ({
    x: inset + (index / (values.length - 1)) * (widthPixels - 2 * inset),
    y: heightPixels - inset - ((value - low) / span) * (heightPixels - 2 * inset),
  }))
  const last = points.at(-1)
  return (
    <svg role="img" aria-label={label} width={widthPixels} height={heightPixels} className="overflow-visible text-accent">
      <polyline
        points={points.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')}
        fill="none"
        stroke="currentColor"
        strokeWidth={1.5}
        strokeLinejoin="round"
        strokeLinecap="round"
      />
      {last && <circle cx={last.x} cy={last.y} r={2.5} fill="currentColor" />}
    </svg>
  )
}
