import { useEffect, useRef, useState, type ReactElement } from 'react'
import { createPortal } from 'react-dom'
import { Kbd } from './Kbd'

const DELAY_MILLISECONDS = 400

/** A short name beside its element, on hover and on keyboard focus. It repeats the element's own name, so it is hidden from screen readers. */
export function Tooltip({ label, shortcut, children }: { label: string; shortcut?: string; children: ReactElement }) {
  const [place, setPlace] = useState<{ x: number; y: number; isAbove: boolean; layer: Element } | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])

  const show = (anchor: Element | null) => {
    if (!anchor) return
    const box = anchor.getBoundingClientRect()
    const isAbove = box.bottom + 40 > window.innerHeight
    setPlace({ x: box.left + box.width / 2, y: isAbove ? box.top - 6 : box.bottom + 6, isAbove, layer: anchor.closest('dialog') ?? document.body })
  }
  const hide = () => {
    clearTimeout(timer.current)
    setPlace(null)
  }
  return (
    <>
      <span
        className="contents"
        onPointerEnter={(event) => {
          const anchor = event.currentTarget.firstElementChild
          clearTimeout(timer.current)
          if (event.pointerType !== 'touch') timer.current = setTimeout(() => show(anchor), DELAY_MILLISECONDS)
        }}
        onPointerLeave={hide}
        onPointerDown={hide}
        onFocus={(event) => event.target.matches(':focus-visible') && show(event.currentTarget.firstElementChild)}
        onBlur={hide}
      >
        {children}
      </span>
      {place &&
        createPortal(
          <div
            aria-hidden
            style={{ left: clampToWindow(place.x), top: place.y }}
            className={`pointer-events-none fixed z-50 flex -translate-x-1/2 items-center gap-2 rounded-md bg-ink px-2 py-1 text-12 font-medium whitespace-nowrap text-canvas ${place.isAbove ? '-translate-y-full' : ''}`}
          >
            {label}
            {shortcut && <Kbd shortcut={shortcut} />}
          </div>,
          place.layer,
        )}
    </>
  )
}

const EDGE_PIXELS = 72
const clampToWindow = (x: number) => Math.max(EDGE_PIXELS, Math.min(x, window.innerWidth - EDGE_PIXELS))
