import { useVirtualizer, type Virtualizer } from '@tanstack/react-virtual'
import { useEffect, type RefObject } from 'react'

const OVERSCAN_ROWS = 12
/** Rows before the end of what is loaded at which the next page is fetched. */
const AHEAD_ROWS = 60

type Options = {
  scroller: RefObject<HTMLElement | null>
  loaded: number
  total: number
  rowPixels: number
  hasMore: boolean
  isFetching: boolean
  fetchMore: () => unknown
}

/**
 * A virtualised list over keyset pages: only what is on the screen is in the document, pages are fetched as the end of the loaded ones comes near.
 * The height is that of the loaded rows and one screen of rows to come, for a keyset cannot be entered in the middle; the total is shown as a number.
 */
export function useKeysetRows({ scroller, loaded, total, rowPixels, hasMore, isFetching, fetchMore }: Options): Virtualizer<HTMLElement, Element> {
  // The rule speaks to the React Compiler, which this build does not use.
  // eslint-disable-next-line react-hooks/incompatible-library
  const rows = useVirtualizer<HTMLElement, Element>({
    count: Math.min(total, hasMore ? loaded + OVERSCAN_ROWS : loaded),
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPixels,
    overscan: OVERSCAN_ROWS,
    // Measured by hand where there is no layout, as in tests: one screen of rows.
    initialRect: { width: 480, height: 640 },
  })
  const last = rows.getVirtualItems().at(-1)?.index ?? 0
  useEffect(() => {
    if (hasMore && !isFetching && last >= loaded - AHEAD_ROWS) fetchMore()
  }, [hasMore, isFetching, last, loaded, fetchMore])
  return rows
}
