import type { ExplanationOut, JobOut } from '@/api/generated'
import { EvidenceWaterfall } from '@/components/EvidenceWaterfall'
import { FieldComparisonTable } from '@/components/FieldComparisonTable'
import { OtherColumns } from '@/components/OtherColumns'
import { formatConfidence } from '@/lib/format'
import { wordFor } from '@/lib/vocabulary'

import { text } from './text'

/** Why two records are, or are not, a match: the verdict, the two side by side, the evidence for and against. */
export function Explanation({ job, explanation }: { job: JobOut; explanation: ExplanationOut }) {
  const { fields, evidence, left, right } = explanation
  return (
    <>
      <Verdict explanation={explanation} />
      <FieldComparisonTable fields={fields} evidence={evidence} leftName={job.left_file_name} rightName={job.right_file_name} />
      <OtherColumns left={left} right={right} fields={fields} />
      {evidence.length > 0 && (
        <section className="mt-4">
          <h4 className="mb-1 text-12 font-semibold text-soft">{text.evidence}</h4>
          <EvidenceWaterfall priorBits={explanation.prior_bits} evidence={evidence} confidence={explanation.confidence} />
        </section>
      )}
    </>
  )
}

function Verdict({ explanation }: { explanation: ExplanationOut }) {
  const { matched, confidence, failed_step: step, reason, smallest_change: change } = explanation
  const stepWords = step === null ? null : wordFor('failedStep', step)
  return (
    <div className="mb-3 rounded-md bg-sunken px-3 py-2 text-13">
      <p>
        {confidence !== null && <span className="tabular mr-2 font-medium">{formatConfidence(confidence)}</span>}
        <span className="font-medium">{reason ?? stepWords ?? (matched ? text.isMatch : '')}</span>
      </p>
      {reason !== null && stepWords !== null && <p className="mt-0.5 text-12 text-muted">{stepWords}</p>}
      {change !== null && (
        <p className="mt-1 text-soft">
          {text.smallestChange}: {change}
        </p>
      )}
    </div>
  )
}
