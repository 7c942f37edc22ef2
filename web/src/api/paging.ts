export const PAGE_SIZE = 100

type AnyPage<Item> = { items: Item[]; next_cursor?: string | null; total: number }

export const nextCursor = (page: { next_cursor?: string | null }): string | null => page.next_cursor ?? null

/** All items of the pages loaded so far, and how many there are in all. */
export function flattened<Item>(data: { pages: AnyPage<Item>[] } | undefined): { items: Item[]; total: number } {
  return { items: data?.pages.flatMap((page) => page.items) ?? [], total: data?.pages.at(-1)?.total ?? 0 }
}
