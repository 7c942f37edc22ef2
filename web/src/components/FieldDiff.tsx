import type { FieldComparison } from '@/api/generated'
import { classes } from '@/lib/classes'
import { diffTexts, type DiffPiece } from '@/lib/textDiff'
import { text } from './text'

type Side = 'left' | 'right'

const MARKS: Record<FieldComparison['verdict'], string> = {
  equal: '',
  similar: 'rounded-[2px] bg-suggested-soft text-suggested underline decoration-suggested-solid decoration-1 underline-offset-2',
  different: 'rounded-[2px] bg-conflict-soft text-conflict underline decoration-conflict-solid decoration-wavy decoration-1 underline-offset-2',
  missing: '',
}

/** One side of a compared field: equal parts quiet, different parts marked inside the text. */
export function DiffText({ comparison, side }: { comparison: FieldComparison; side: Side }) {
  const own = comparison[side]
  if (own === null || own === '') return <span className="text-muted italic">{text.missing}</span>
  if (comparison.verdict === 'equal') return <span className="text-soft">{own}</span>
  const marked = piecesOf(comparison, side)
  return (
    <span>
      {marked.map((piece, index) =>
        piece.isDifferent ? (
          <mark key={index} className={MARKS[comparison.verdict]}>
            {piece.text}
          </mark>
        ) : (
          <span key={index}>{piece.text}</span>
        ),
      )}
    </span>
  )
}

function piecesOf({ left, right, role }: FieldComparison, side: Side): DiffPiece[] {
  if (left === null || right === null) return [{ text: (side === 'left' ? left : right) ?? '', isDifferent: false }]
  // Two amounts or days that differ, differ as a whole; single figures in common say nothing.
  if (role === 'amount' || role === 'date') return [{ text: side === 'left' ? left : right, isDifferent: left !== right }]
  return diffTexts(left, right)[side]
}

const SIGNS: Record<FieldComparison['verdict'], { sign: string; colour: string; word: string }> = {
  equal: { sign: '=', colour: 'text-matched', word: 'equal' },
  similar: { sign: '≈', colour: 'text-suggested', word: 'similar' },
  different: { sign: '≠', colour: 'text-conflict', word: 'different' },
  missing: { sign: '∅', colour: 'text-muted', word: 'missing on one side' },
}

/** Two records field by field. */
export function FieldDiffTable({ fields, names }: { fields: readonly FieldComparison[]; names: { left: string; right: string } }) {
  return (
    <table className="w-full table-fixed text-13">
      <thead>
        <tr className="text-left text-12 text-muted">
          <th scope="col" className="w-[22%] pb-1.5 font-medium">
            {text.evidenceField}
          </th>
          <th scope="col" className="truncate pb-1.5 font-medium">
            {names.left}
          </th>
          <th scope="col" className="w-8 pb-1.5">
            <span className="sr-only">{text.evidenceOutcome}</span>
          </th>
          <th scope="col" className="truncate pb-1.5 font-medium">
            {names.right}
          </th>
        </tr>
      </thead>
      <tbody>
        {fields.map((field) => {
          const { sign, colour, word } = SIGNS[field.verdict]
          return (
            <tr key={field.name} className="border-t border-line align-top">
              <th scope="row" className="py-1.5 pr-3 text-left font-normal break-words text-muted">
                {field.name}
              </th>
              <td className="tabular py-1.5 pr-2 break-words">
                <DiffText comparison={field} side="left" />
              </td>
              <td className={classes('py-1.5 text-center font-semibold', colour)}>
                <span aria-hidden title={word}>
                  {sign}
                </span>
                <span className="sr-only">{word}</span>
              </td>
              <td className="tabular py-1.5 break-words">
                <DiffText comparison={field} side="right" />
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
