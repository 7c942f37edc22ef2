import { SearchField } from '@/components/SearchField'
import type { ColumnOut } from '@/api/generated'

import { text } from './text'

/** From here on the page does not show all columns at once, so that the browser's own search does not find them either. */
export const MANY_COLUMNS = 30

export function FindColumn({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  return (
    <div className="flex w-64">
      <SearchField label={text.findColumn} value={value} onChange={onChange} />
    </div>
  )
}

/** The columns whose name holds `find`. */
export function named(columns: readonly ColumnOut[], find: string): readonly ColumnOut[] {
  const wanted = find.trim().toLowerCase()
  return wanted === '' ? columns : columns.filter((column) => column.name.toLowerCase().includes(wanted))
}
