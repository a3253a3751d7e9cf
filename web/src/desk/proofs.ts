import type { Filing, FilingFile, PaperKind, Party, Proof, Representative } from '@/api/types'

/** Pure parts of checking an identity: which copies in a filing bear on a claim, and what the filing itself says. */
export interface Copy {
  file: FilingFile
  kind: PaperKind
  /** whose paper the filer said it is */
  of: string
  /** of the kind that proves this claim */
  fits: boolean
}
const PROVED_BY: Partial<Record<Proof['kind'], PaperKind[]>> = {
  organisation: ['business_licence', 'representative_certificate'],
  lawyer_licence: ['lawyer_licence', 'firm_letter'],
  legal_worker_licence: ['lawyer_licence', 'firm_letter'],
}
/** Every other claim is one of a person, shown by a copy of the document. */
const provedBy = (kind: Proof['kind']): PaperKind[] => PROVED_BY[kind] ?? ['id_copy']
const SHOWN: PaperKind[] = ['id_copy', 'business_licence', 'representative_certificate', 'lawyer_licence', 'firm_letter', 'power_of_attorney', 'guardianship_proof', 'kinship_proof']

/** The copies to compare with: those that prove the claim first, the holder's own before others'. */
export function copiesFor(filing: Pick<Filing, 'content' | 'files'>, proof: Pick<Proof, 'kind' | 'holder'>): Copy[] {
  const wanted = provedBy(proof.kind)
  const byId = new Map(filing.files.map((f) => [f.id, f]))
  const nameOf = (id: string | undefined) => filing.content.parties?.find((p) => p.id === id)?.name ?? filing.content.representatives?.find((r) => r.id === id)?.name ?? ''
  const copies = (filing.content.papers ?? [])
    .filter((p) => SHOWN.includes(p.kind))
    .flatMap((p) => p.file_ids.flatMap((id) => {
      const file = byId.get(id)
      return file ? [{ file, kind: p.kind, of: nameOf(p.party_id), fits: wanted.includes(p.kind) }] : []
    }))
  const rank = (c: Copy) => (c.fits ? 0 : 2) + (c.of === proof.holder ? 0 : 1)
  return copies.map((c, i) => ({ c, i })).sort((a, b) => rank(a.c) - rank(b.c) || a.i - b.i).map((x) => x.c)
}

/** A number with its middle hidden fits another as far as both show. */
export function sameNumber(a: string, b: string): boolean {
  const [x, y] = [a, b].map((s) => [...s.replace(/[\s-]/g, '').toUpperCase()]) as [string[], string[]]
  return x.length === y.length && x.length > 0 && x.every((sign, i) => sign === '*' || y[i] === '*' || sign === y[i])
}

export interface Compared {
  what: 'holder' | 'number' | 'firm'
  claimed: string
  filed: string
  /** null where one of them says nothing */
  same: boolean | null
}
/** What the account claims beside what the filing says of the same person. */
export function compare(filing: Pick<Filing, 'content'> | undefined, proof: Pick<Proof, 'kind' | 'holder' | 'number_masked' | 'firm'>): Compared[] {
  const party: Party | undefined = filing?.content.parties?.find((p) => p.name === proof.holder) ?? filing?.content.parties?.find((p) => sameNumber(p.id_number ?? p.uscc ?? '', proof.number_masked))
  const counsel: Representative | undefined = filing?.content.representatives?.find((r) => r.name === proof.holder || sameNumber(r.licence ?? '', proof.number_masked))
  const licence = proof.kind === 'lawyer_licence' || proof.kind === 'legal_worker_licence'
  const one = licence ? counsel : party
  const number = licence ? counsel?.licence : proof.kind === 'organisation' ? party?.uscc : party?.id_type === undefined || party.id_type === proof.kind ? party?.id_number : undefined
  const row = (what: Compared['what'], claimed: string, filed: string, equal: (a: string, b: string) => boolean): Compared => ({ what, claimed, filed, same: claimed && filed ? equal(claimed, filed) : null })
  const exactly = (a: string, b: string) => a.trim() === b.trim()
  return [
    row('holder', proof.holder, one?.name ?? '', exactly),
    row('number', proof.number_masked, number ?? '', sameNumber),
    ...(proof.firm ? [row('firm', proof.firm, counsel?.unit ?? '', exactly)] : []),
  ]
}
