import type { Corrects, FilingKind, WizardStep } from '@/api/types'

export const STEPS: readonly WizardStep[] = ['court', 'cause', 'parties', 'claims', 'evidence', 'service', 'statement']
/** `list` is the first page of a correction: what the court asks for. */
export type StepName = WizardStep | 'list'

export const isStep = (v: unknown): v is StepName => v === 'list' || STEPS.includes(v as WizardStep)

/** A correction shows the list, the steps it touches, and the check; nothing else. */
export function stepsFor(corrects: Corrects | null | undefined, asked?: unknown): StepName[] {
  if (!corrects) return [...STEPS]
  // A step the last check sends the person to may be opened too.
  const touched = STEPS.filter((s) => s !== 'statement' && (s === asked || corrects.items.some((i) => i.step === s)))
  return ['list', ...touched, 'statement']
}

/** The step that holds a member of the content. */
export function stepOf(field: string): WizardStep {
  const head = field.split('/')[1] ?? ''
  const map: Record<string, WizardStep> = {
    court_id: 'court', kind: 'court', jurisdiction: 'court', cause: 'cause', parties: 'parties', representatives: 'parties',
    evidence: 'evidence', papers: 'evidence', service: 'service', statement: 'statement',
  }
  // The clause is asked with the claims, the place of jurisdiction with the court.
  if (/^\/jurisdiction\/(clause|arbitration)/.test(field)) return 'claims'
  return map[head] ?? 'claims'
}

export const sidesOf = (kind: FilingKind | undefined) =>
  kind === 'enforcement' ? (['applicant', 'respondent'] as const) : (['plaintiff', 'defendant', 'third_party'] as const)
export const isOwnSide = (side: string | undefined) => side === 'plaintiff' || side === 'applicant'
