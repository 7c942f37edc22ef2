export type DiffPiece = Readonly<{ text: string; isDifferent: boolean }>

const LENGTH_MAX = 400

/** Which parts of two texts differ, by words and signs, upper and lower case alike. Returns the pieces of each side in order. */
export function diffTexts(left: string, right: string): { left: DiffPiece[]; right: DiffPiece[] } {
  if (left.length > LENGTH_MAX || right.length > LENGTH_MAX) return whole(left, right, left !== right)
  const a = tokens(left)
  const b = tokens(right)
  const kept = longestCommon(a.map(fold), b.map(fold))
  if (kept.every(([, , length]) => length === 0)) return whole(left, right, true)
  return { left: pieces(a, new Set(kept.map(([i]) => i))), right: pieces(b, new Set(kept.map(([, j]) => j))) }
}

const whole = (left: string, right: string, isDifferent: boolean) => ({
  left: [{ text: left, isDifferent }],
  right: [{ text: right, isDifferent }],
})
/** Runs of letters, runs of digits, and every other sign alone: "INV-2026" and "INV2026" then differ in one dash. */
const tokens = (text: string) => text.match(/\p{L}+|\p{N}+|\s+|[^\p{L}\p{N}\s]/gu) ?? []
const fold = (token: string) => token.toLocaleLowerCase().normalize('NFKD').replace(/\p{M}/gu, '')

/** Index pairs of a longest common subsequence, with the length of the token for weight. */
function longestCommon(a: string[], b: string[]): [number, number, number][] {
  const best = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0))
  const at = (i: number, j: number) => best[i]?.[j] ?? 0
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const row = best[i]
      if (row) row[j] = a[i] === b[j] ? at(i + 1, j + 1) + weight(a[i]) : Math.max(at(i + 1, j), at(i, j + 1))
    }
  }
  const pairs: [number, number, number][] = []
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) pairs.push([i++, j++, weight(a[i - 1])])
    else if (at(i + 1, j) >= at(i, j + 1)) i++
    else j++
  }
  return pairs
}

/** A blank or a sign in common is no agreement. */
const weight = (token: string | undefined) => (token && /[\p{L}\p{N}]/u.test(token) ? token.length : 0)

function pieces(all: string[], kept: Set<number>): DiffPiece[] {
  const result: { text: string; isDifferent: boolean }[] = []
  all.forEach((token, index) => {
    const isDifferent = !kept.has(index)
    const last = result.at(-1)
    if (last?.isDifferent === isDifferent) last.text += token
    else result.push({ text: token, isDifferent })
  })
  return result
}
