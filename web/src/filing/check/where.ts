import type { CorrectionItem } from '@/api/types'

/** The place in the wizard a correction points at. */
export const correctionField = (i: CorrectionItem): string =>
  i.field ?? (i.step === 'evidence' ? '/papers' : i.step === 'court' ? '/court_id' : i.step === 'claims' ? '/claims' : i.step === 'statement' ? '/statement/accepted' : `/${i.step}`)
