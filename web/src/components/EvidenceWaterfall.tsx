import type { EvidenceOut } from '@/api/generated'
import { evidenceSteps, probabilityOf, type EvidenceStep } from '@/lib/evidenceSteps'
import { formatConfidence, formatDecimal } from '@/lib/format'

type Props = {
  priorBits: number
  evidence: readonly EvidenceOut[]
  /** Null where the pair has none, as with an explanation of a pair that was never scored. */
  confidence: number | null
}

const NUMBER_CLASS = 'tabular w-10 shrink-0 text-right @lg:w-14'

/** Signed bars from the prior, field by field, to the confidence. Right of the line speaks for the match, left against it. */
export function EvidenceWaterfall({ priorBits, evidence, confidence }: Props) {
  const { steps, even } = evidenceSteps(priorBits, evidence, confidence)
  return (
    <figure className="@container m-0">
      <figcaption className="mb-1 text-12 text-muted">
        Evidence in bits: each doubles or halves the odds. The bars add up to{' '}
        <span className="tabular font-medium text-ink">{confidence === null ? 'the sum' : formatConfidence(confidence)}</span>.
      </figcaption>
      <ol className="text-12" aria-label="Evidence for and against">
        {steps.map((step, index) => (
          <Line key={`${step.kind} ${step.label}`} step={step} even={even} evidence={evidence[index - 1]} confidence={confidence} />
        ))}
      </ol>
    </figure>
  )
}

type LineProps = { step: EvidenceStep; even: number; evidence: EvidenceOut | undefined; confidence: number | null }

function Line({ step, even, evidence, confidence }: LineProps) {
  const isTotal = step.kind === 'total'
  return (
    <li className={`flex items-center gap-2 py-[3px] ${isTotal ? 'mt-1 border-t border-line pt-1.5 font-medium' : ''}`}>
      <span className="w-24 shrink-0 truncate text-soft @lg:w-32" title={labelOf(step)}>
        {labelOf(step)}
      </span>
      <span className="relative h-3.5 min-w-16 flex-1 rounded-sm bg-sunken" aria-hidden="true">
        <span className="absolute inset-y-0 w-px bg-line-strong" style={{ left: `${even * 100}%` }} />
        <span
          className={`absolute inset-y-0.5 min-w-px rounded-[2px] ${colourOf(step)}`}
          style={{ left: `${step.start * 100}%`, width: `${step.width * 100}%` }}
        />
      </span>
      <span className={`${NUMBER_CLASS} ${step.bits < 0 && step.kind !== 'total' && step.kind !== 'prior' ? 'text-conflict' : 'text-ink'}`}>{signed(step.bits)}</span>
      <span className="w-24 shrink-0 leading-3.5 text-muted @lg:w-40 @lg:leading-4" title={noteOf(step, evidence, confidence)}>
        {noteOf(step, evidence, confidence)}
      </span>
    </li>
  )
}

const LABELS: Readonly<Record<Exclude<EvidenceStep['kind'], 'evidence'>, string>> = {
  prior: 'Before looking',
  rivals: 'Rivals, calibration',
  total: 'Together',
}

function labelOf(step: EvidenceStep): string {
  return step.kind === 'evidence' ? step.label : LABELS[step.kind]
}

function colourOf(step: EvidenceStep): string {
  if (step.kind === 'total') return 'bg-accent-fill'
  if (step.kind === 'prior') return 'bg-excluded-solid'
  const colour = step.bits < 0 ? 'bg-conflict-solid' : 'bg-matched-solid'
  return step.kind === 'rivals' ? `${colour} hatched` : colour
}

function noteOf(step: EvidenceStep, evidence: EvidenceOut | undefined, confidence: number | null): string {
  if (step.kind === 'evidence') return evidence?.outcome ?? ''
  if (step.kind === 'total') return `= ${formatConfidence(confidence ?? probabilityOf(step.bits))}`
  return ''
}

function signed(bits: number): string {
  return (bits > 0 ? '+' : '') + formatDecimal(bits, 1)
}
