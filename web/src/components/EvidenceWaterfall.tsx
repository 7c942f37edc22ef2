import type { EvidenceOut } from '@/api/generated'
import { formatConfidence, formatDecimal } from '@/lib/format'
import { text } from './text'

type Step = { name: string; outcome: string; bits: number; from: number; to: number }

const signed = (bits: number) => (bits > 0 ? `+${formatDecimal(bits, 1)}` : formatDecimal(bits, 1))

/**
 * How the confidence came about: from what is known before looking, each field's weight in bits, for (right) or against (left),
 * up to the sum. A table with the bars drawn into it.
 */
export function EvidenceWaterfall({ priorBits, evidence, confidence }: { priorBits: number; evidence: readonly EvidenceOut[]; confidence: number }) {
  const steps = stepsOf(priorBits, evidence)
  const sum = steps.at(-1)?.to ?? 0
  const low = Math.min(0, ...steps.map((step) => Math.min(step.from, step.to)))
  const high = Math.max(0, ...steps.map((step) => Math.max(step.from, step.to)))
  const span = high - low || 1
  const at = (bits: number) => `${((bits - low) / span) * 100}%`
  return (
    <table className="w-full text-12">
      <caption className="sr-only">{text.evidence}</caption>
      <thead className="sr-only">
        <tr>
          <th scope="col">{text.evidenceField}</th>
          <th scope="col">{text.evidenceOutcome}</th>
          <th scope="col">{text.evidenceWeight}</th>
        </tr>
      </thead>
      <tbody>
        {steps.map((step) => (
          <tr key={step.name} className="h-7">
            <th scope="row" className="w-28 max-w-28 truncate pr-3 text-left font-medium" title={step.name}>
              {step.name}
            </th>
            <td className="relative">
              <span aria-hidden className="absolute inset-y-0 border-l border-line-strong" style={{ left: at(0) }} />
              <span
                aria-hidden
                title={step.outcome}
                className={`absolute inset-y-1.5 rounded-[2px] ${step.bits >= 0 ? 'bg-matched-solid' : 'bg-conflict-solid hatched'}`}
                style={{ left: at(Math.min(step.from, step.to)), width: `max(2px, ${(Math.abs(step.bits) / span) * 100}%)` }}
              />
              <span className="sr-only">{step.outcome}</span>
            </td>
            <td className={`tabular w-14 pl-3 text-right font-medium ${step.bits >= 0 ? 'text-matched' : 'text-conflict'}`}>{signed(step.bits)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr className="h-8 border-t border-line">
          <th scope="row" className="pr-3 text-left font-semibold">
            {text.evidenceSum}
          </th>
          <td className="text-muted">
            {text.confidence} <span className="tabular font-semibold text-ink">{formatConfidence(confidence)}</span>
          </td>
          <td className="tabular text-right font-semibold">{signed(sum)}</td>
        </tr>
      </tfoot>
    </table>
  )
}

function stepsOf(priorBits: number, evidence: readonly EvidenceOut[]): Step[] {
  const first: Step = { name: text.evidencePrior, outcome: '', bits: priorBits, from: 0, to: priorBits }
  return evidence.reduce<Step[]>(
    (steps, one) => {
      const from = steps.at(-1)?.to ?? 0
      return [...steps, { name: one.field, outcome: one.outcome, bits: one.weight_bits, from, to: from + one.weight_bits }]
    },
    [first],
  )
}
