import type { DraftContent, PaperItem, PaperKind, Party, Representative } from '@/api/types'
import { today } from '@/lib/format'
import { isMinor } from './identity'
import { isOwnSide } from './steps'

/** A paper the court will look for, and whose it is. */
export interface NeededPaper {
  key: string
  kind: PaperKind
  party_id?: string
  /** name of the person it belongs to */
  who: string
  /** helpful but not asked for */
  optional?: boolean
}

/** Papers per kind of person (立案规定 6, 民诉法 61–62, 解释 86–89). */
export function neededPapers(content: DraftContent): NeededPaper[] {
  const parties = content.parties ?? []
  const need: NeededPaper[] = []
  const add = (kind: PaperKind, of?: Party | Representative, optional = false) =>
    need.push({ key: `${kind}:${of?.id ?? ''}`, kind, party_id: of?.id, who: of?.name ?? '', ...(optional ? { optional } : {}) })
  for (const p of parties.filter((x) => isOwnSide(x.side))) {
    if (p.kind === 'natural') {
      add('id_copy', p)
      if (isMinor(p.birth, today())) add('guardianship_proof', p)
    } else {
      add('business_licence', p)
      add('representative_certificate', p)
      add('id_copy', p)
    }
  }
  for (const r of content.representatives ?? []) {
    add('power_of_attorney', r)
    if (r.kind === 'lawyer' || r.kind === 'legal_worker') {
      add('lawyer_licence', r)
      add('firm_letter', r)
    } else {
      add('id_copy', r)
      if (r.kind === 'relative') add('kinship_proof', r)
    }
  }
  if (content.kind === 'enforcement') add('enforcement_basis')
  if (content.kind === 'administrative') add('administrative_decision')
  if (content.elements?.form === 'F08') add('arbitration_award')
  return need
}

export const paperOf = (content: DraftContent, n: NeededPaper): PaperItem | undefined =>
  content.papers?.find((p) => p.kind === n.kind && (p.party_id ?? '') === (n.party_id ?? ''))

/** Papers the filer added beyond those asked for. */
export function extraPapers(content: DraftContent): PaperItem[] {
  const need = neededPapers(content)
  return (content.papers ?? []).filter((p) => !need.some((n) => n.kind === p.kind && (n.party_id ?? '') === (p.party_id ?? '')))
}
