import type { DraftContent, EvidenceItem, Filing, FilingFile, Json, PaperItem, PaperKind, PaperRef } from '@/api/types'

/** The papers of a filing as the clerk turns them over: one tab each, in the order they are checked. */
export type TabKey = 'pleading' | 'identity' | 'evidence' | 'service' | 'power' | 'other'
export interface TabFile {
  id: string
  name: string
  media: string
  pages: number | null
  sha256: string
  /** a paper the court rendered, not a file the party sent */
  paper?: boolean
  evidence?: EvidenceItem
}
export interface Tab {
  key: TabKey
  files: TabFile[]
  pages: number
  /** JSON pointers of the content that belong here */
  prefixes: string[]
}
const IDENTITY: PaperKind[] = ['id_copy', 'business_licence', 'representative_certificate', 'guardianship_proof', 'kinship_proof']
const POWER: PaperKind[] = ['power_of_attorney', 'lawyer_licence', 'firm_letter']

const ofFile = (f: FilingFile, evidence?: EvidenceItem): TabFile => ({ id: f.id, name: f.name, media: f.media_type, pages: f.pages ?? null, sha256: f.sha256, ...(evidence ? { evidence } : {}) })
const ofPaper = (p: PaperRef): TabFile => ({ id: p.id, name: p.title, media: 'application/pdf', pages: null, sha256: '', paper: true })
const pages = (files: TabFile[]) => files.reduce((n, f) => n + (f.pages ?? 0), 0)

export function tabsOf(filing: Filing): Tab[] {
  const { content, files, papers } = filing
  const byId = new Map(files.map((f) => [f.id, f]))
  const placed = new Set<string>()
  const take = (ids: string[], evidence?: EvidenceItem) =>
    ids.flatMap((id) => {
      const f = byId.get(id)
      if (!f || placed.has(id)) return []
      placed.add(id)
      return [ofFile(f, evidence)]
    })
  const papersOf = (kinds: PaperKind[]) => (content.papers ?? []).filter((p: PaperItem) => kinds.includes(p.kind)).flatMap((p) => take(p.file_ids))
  const pleading = [...take(files.filter((f) => f.role === 'pleading').map((f) => f.id)), // the newest first: after a correction there are several
    ...papers.filter((p) => p.kind === 'pleading').map(ofPaper).reverse()]
  const identity = papersOf(IDENTITY)
  const power = papersOf(POWER)
  const evidence = [
    ...(content.evidence ?? []).flatMap((e) => take(e.file_ids, e)),
    ...take(files.filter((f) => f.role === 'evidence').map((f) => f.id)),
  ]
  const other = [...take(files.map((f) => f.id)), ...papers.filter((p) => p.kind !== 'pleading').map(ofPaper)]
  const tab = (key: TabKey, list: TabFile[], prefixes: string[]): Tab => ({ key, files: list, pages: pages(list), prefixes })
  const all = [
    tab('pleading', pleading, ['/court', '/cause', '/claims', '/facts', '/elements', '/jurisdiction', '/amount', '/mediation', '/preservation', '/statement', '/administrative', '/enforcement', '/divorce']),
    tab('identity', identity, ['/parties', '/papers']),
    tab('evidence', evidence, ['/evidence']),
    tab('service', [], ['/service']),
    tab('power', power, ['/representatives']),
    tab('other', other, []),
  ]
  return all.filter((t) => !(t.key === 'power' && !power.length && !content.representatives?.length) && !(t.key === 'other' && !other.length))
}
export function tabOfField(tabs: Tab[], field: string): Tab | undefined {
  return tabs.find((t) => t.prefixes.some((p) => field.startsWith(p)))
}
export const tabOfFile = (tabs: Tab[], file: string): Tab | undefined => tabs.find((t) => t.files.some((f) => f.id === file))

/** The value a JSON pointer names in the content. */
export function atPointer(content: DraftContent, pointer: string): Json | undefined {
  let here: unknown = content
  for (const part of pointer.split('/').slice(1)) {
    if (here === null || typeof here !== 'object') return undefined
    here = (here as Record<string, unknown>)[part.replace(/~1/g, '/').replace(/~0/g, '~')]
  }
  return here as Json | undefined
}
