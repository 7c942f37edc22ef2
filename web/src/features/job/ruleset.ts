const CONFIRM_DEFAULT = 0.9

/** From which confidence on the job's ruleset confirms; where it does not say, the engine's own default. */
export function confirmConfidence(yaml: string): number {
  return Number(/^ +confirm: ([\d.]+)$/m.exec(yaml)?.[1] ?? CONFIRM_DEFAULT)
}
