/**
 * Changes to a proposed ruleset before it runs. The YAML comes from the engine with one block a top-level key; a block is replaced
 * as text, so that passes, rates and comments that a person wrote stay as they are. JSON is YAML, so no YAML library is needed.
 */

import type { PairedFieldOut } from '@/api/generated'

/** The YAML with other paired columns. */
export function withColumns(yaml: string, fields: readonly PairedFieldOut[]): string {
  const lines = fields.map(({ name, role, left, right }) => `- ${JSON.stringify({ field: name, role, left, right })}`)
  return withBlock(yaml, 'columns', lines.length > 0 ? ['columns:', ...lines] : ['columns: []'])
}

export function withFlip(yaml: string, flip: boolean): string {
  return withBlock(yaml, 'flip_right_sign', [`flip_right_sign: ${flip}`])
}

function withBlock(yaml: string, key: string, block: readonly string[]): string {
  const lines = yaml.split('\n')
  const start = lines.findIndex((line) => line.startsWith(`${key}:`))
  if (start < 0) return [...block, ...lines].join('\n')
  const after = lines.findIndex((line, index) => index > start && /^[a-z_]+:/.test(line))
  const end = after < 0 ? lines.length : after
  return [...lines.slice(0, start), ...block, ...lines.slice(end)].join('\n')
}
