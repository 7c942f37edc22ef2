/** What differs inside two texts of one field, for marking: tokens first, then the characters of stretches that nearly agree. */

export type SegmentKind = 'equal' | 'form' | 'different'

/** A stretch of a text. `form` agrees but for letter case and accents, as company names and references often do. */
export interface Segment {
  readonly text: string
  readonly kind: SegmentKind
}

export interface TextDifference {
  readonly left: readonly Segment[]
  readonly right: readonly Segment[]
}

const TOKENS = /\p{L}+|\p{N}+|\s+|[^\p{L}\p{N}\s]/gu
const TOKENS_MAX = 400; // the table of the longest common subsequence stays below 160,000 cells

/** Mark both texts. Texts of more than 400 tokens are marked whole. */
export function textDifference(left: string, right: string): TextDifference {
  if (left === right) return { left: plain(left, 'equal'), right: plain(right, 'equal') }
  const [a, b] = [left.match(TOKENS) ?? [], right.match(TOKENS) ?? []]
  if (a.length > TOKENS_MAX || b.length > TOKENS_MAX) return { left: plain(left, 'different'), right: plain(right, 'different') }
  const marked: { left: Segment[]; right: Segment[] } = { left: [], right: [] }
  let [i, j] = [0, 0]
  for (const [x, y] of [...commonTokens(a, b), [a.length, b.length] as const]) {
    markGap(marked, a.slice(i, x), b.slice(j, y))
    if (x < a.length && y < b.length) markCommon(marked, a[x] ?? '', b[y] ?? '')
    i = x + 1
    j = y + 1
  }
  return { left: joined(marked.left), right: joined(marked.right) }
}

function plain(text: string, kind: SegmentKind): readonly Segment[] {
  return text === '' ? [] : [{ text, kind }]
}

function fold(text: string): string {
  return text.toLocaleLowerCase().normalize('NFKD').replace(/\p{M}/gu, '').trim()
}

/** Pairs of positions of a longest common subsequence under folding, ascending. */
function commonTokens(a: readonly string[], b: readonly string[]): (readonly [number, number])[] {
  const [foldedA, foldedB] = [a.map(fold), b.map(fold)]
  const width = b.length + 1
  const length = new Uint16Array((a.length + 1) * width)
  const cell = (i: number, j: number): number => length[i * width + j] ?? 0
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      length[i * width + j] = foldedA[i] === foldedB[j] ? cell(i + 1, j + 1) + 1 : Math.max(cell(i + 1, j), cell(i, j + 1))
    }
  }
  const pairs: (readonly [number, number])[] = []
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (foldedA[i] === foldedB[j]) pairs.push([i++, j++])
    else if (cell(i + 1, j) >= cell(i, j + 1)) i++
    else j++
  }
  return pairs
}

function markCommon(marked: { left: Segment[]; right: Segment[] }, left: string, right: string): void {
  const kind = left.trim() === right.trim() ? 'equal' : 'form'
  marked.left.push({ text: left, kind })
  marked.right.push({ text: right, kind })
}

/** Two stretches without a common token: the characters they share in order stay quiet, so that a typing slip or a dash shows as itself. */
function markGap(marked: { left: Segment[]; right: Segment[] }, leftTokens: readonly string[], rightTokens: readonly string[]): void {
  const [left, right] = [[...leftTokens.join('')], [...rightTokens.join('')]]
  const shared = commonCharacters(left, right)
  marked.left.push(...segmentsOf(left, new Set(shared.map(([i]) => i))))
  marked.right.push(...segmentsOf(right, new Set(shared.map(([, j]) => j))))
}

const GAP_MAX = 80

/** None where the stretches are long or have less than two thirds in common: a few letters alike are chance, and marking around them is noise. */
function commonCharacters(left: readonly string[], right: readonly string[]): (readonly [number, number])[] {
  const longer = Math.max(left.length, right.length)
  if (longer > GAP_MAX) return []
  const shared = commonTokens(left, right)
  return shared.length * 3 >= longer * 2 ? shared : []
}

function segmentsOf(characters: readonly string[], quiet: ReadonlySet<number>): Segment[] {
  return characters.map((text, index) => ({ text, kind: quiet.has(index) ? 'equal' : 'different' }))
}

function joined(segments: readonly Segment[]): Segment[] {
  const result: Segment[] = []
  for (const segment of segments) {
    const last = result.at(-1)
    if (segment.text === '') continue
    if (last?.kind === segment.kind) result[result.length - 1] = { kind: last.kind, text: last.text + segment.text }
    else result.push(segment)
  }
  return result
}
