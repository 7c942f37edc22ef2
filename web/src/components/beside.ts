const GAP_PIXELS = 4

/** Put a fixed box below its anchor, above it where there is no room, and inside of the window in any case. */
export function placeBeside(box: HTMLElement, anchor: DOMRect, align: 'start' | 'end'): void {
  const size = box.getBoundingClientRect()
  const isBelow = anchor.bottom + GAP_PIXELS + size.height <= window.innerHeight
  const left = align === 'start' ? anchor.left : anchor.right - size.width
  box.style.left = `${Math.max(GAP_PIXELS, Math.min(left, window.innerWidth - size.width - GAP_PIXELS))}px`
  box.style.top = `${isBelow ? anchor.bottom + GAP_PIXELS : Math.max(GAP_PIXELS, anchor.top - size.height - GAP_PIXELS)}px`
}
