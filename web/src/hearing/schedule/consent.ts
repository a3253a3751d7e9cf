import type { OnlineConsent, OnlineStep, SessionKind } from '@/hearing/before/types'

/** Consent belongs to a step of the proceedings (在线诉讼规则 Art 4); which step a kind of session is. */
export const STEPS: OnlineStep[] = ['hearing', 'evidence_exchange', 'inquiry', 'mediation']
export function stepOf(kind: SessionKind): OnlineStep | null {
  if (kind === 'trial' || kind === 'pronouncement') return 'hearing'
  if (kind === 'pretrial_meeting' || kind === 'evidence_exchange') return 'evidence_exchange'
  if (kind === 'mediation') return 'mediation'
  return kind === 'service' ? null : 'inquiry'
}
/** What a party said last about a step; a consent nobody was told about does not count. */
export function standingOf(items: OnlineConsent[], party: string, step: OnlineStep): 'yes' | 'no' | 'untold' | 'silent' {
  const own = items.filter((x) => x.party_id === party && x.step === step).sort((a, b) => a.at.localeCompare(b.at)).at(-1)
  if (!own) return 'silent'
  if (!own.agrees) return 'no'
  return own.told ? 'yes' : 'untold'
}
