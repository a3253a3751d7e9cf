/** What a page keeps of the record: entries by their newest, in their order; objections beside them. Pure. */
import type { Entry, Objection, Section, Transcript } from '../types'

/** The newest of both: an answer may be older than what another answer brought already. */
export function joined(known: Entry[], came: Entry[]): Entry[] {
  const by = new Map(known.map((e) => [e.id, e]))
  for (const e of came) {
    const had = by.get(e.id)
    if (!had || e.rev >= had.rev) by.set(e.id, e)
  }
  return [...by.values()].filter((e) => !e.struck).sort((a, b) => a.position - b.position || a.id.localeCompare(b.id))
}
export function joinedObjections(known: Objection[], came: Objection[]): Objection[] {
  const by = new Map(known.map((o) => [o.id, o]))
  for (const o of came) by.set(o.id, o)
  return [...by.values()]
}
/** The kept record with what came since. Another beginning (fewer revisions than known) starts anew. */
export function withNews(known: Transcript | undefined, came: Transcript): Transcript {
  if (!known || !known.begun || came.rev < known.rev) return { ...came, entries: joined([], came.entries) }
  return { ...came, entries: joined(known.entries, came.entries), objections: joinedObjections(known.objections, came.objections) }
}
/** Entries under the heads of their sections, in the template's order of first use. */
export function bySection(t: Transcript): { key: Section; name: string; name_en: string; entries: Entry[] }[] {
  const out: { key: Section; name: string; name_en: string; entries: Entry[] }[] = []
  for (const e of t.entries) {
    let last = out[out.length - 1]
    if (!last || last.key !== e.section) {
      const s = t.sections.find((x) => x.key === e.section)
      out.push((last = { key: e.section, name: s?.name ?? e.section, name_en: s?.name_en ?? e.section, entries: [] }))
    }
    last.entries.push(e)
  }
  return out
}
/** After which entry a new one of this section goes: the last of the section, so that nothing is torn apart. */
export function lastOf(entries: Entry[], section: Section): string | undefined {
  return entries.filter((e) => e.section === section).at(-1)?.id
}
/** A text with its objected part marked off. */
export function cut(text: string, o: Pick<Objection, 'quote' | 'now_at' | 'from'>): [string, string, string] | null {
  const signs = [...text]
  const quote = [...o.quote]
  const at = o.now_at ?? o.from
  if (at < 0 || signs.slice(at, at + quote.length).join('') !== o.quote || !quote.length) return null
  return [signs.slice(0, at).join(''), o.quote, signs.slice(at + quote.length).join('')]
}
/** The place of a selection, counted in signs as the court counts. */
export function placeOf(text: string, quote: string, about = 0): number {
  const found = text.indexOf(quote, Math.max(0, about))
  const at = found < 0 ? text.indexOf(quote) : found
  return at < 0 ? 0 : [...text.slice(0, at)].length
}

/** What was written last: the record has an order of its own, and the newest line stands in its section, not at the end. */
export function newestOf(entries: Entry[]): Entry | undefined {
  return entries.reduce<Entry | undefined>((a, e) => (a && a.rev > e.rev ? a : e), undefined)
}
