/** The product's sign: lines from both sides that meet. */
export function Mark({ sizePixels = 26 }: { sizePixels?: number }) {
  return (
    <svg aria-hidden viewBox="0 0 32 32" width={sizePixels} height={sizePixels} className="shrink-0">
      <rect width="32" height="32" rx="7" className="fill-accent-fill" />
      <g fill="none" stroke="#fff" strokeWidth="3" strokeLinecap="round">
        <path d="M7 10.5h7.5M7 16h4M7 21.5h7.5" />
        <path d="M25 10.5h-4M25 16h-7.5M25 21.5h-4" opacity=".62" />
      </g>
    </svg>
  )
}
