/** Terms of an agreement out of a pasted text. Pure. */
export const MOST_TERMS = 50
const NUMBER = /^\s*(?:第[一二三四五六七八九十百]+条|[一二三四五六七八九十]+[、．.]|[（(][一二三四五六七八九十\d]+[）)]|\d+[、．.)])\s*/

/** One line, one term; the numbers people write before them go, because the paper numbers by itself. */
export function termsOf(text: string): string[] {
  return text.split(/\r?\n/).map((line) => line.replace(NUMBER, '').trim()).filter(Boolean).slice(0, MOST_TERMS)
}

/** Which file an entry is heard in: the whole picture, or the picture of whoever spoke; without either, any person's. */
export function heardIn<R extends { kind: string; participant_id?: string; millis?: number }>(files: R[], e: { speaker?: string; media?: { from_ms: number } }): R | undefined {
  if (!e.media) return undefined
  const long = files.filter((r) => r.millis === undefined || r.millis >= (e.media?.from_ms ?? 0))
  return long.find((r) => r.kind === 'mosaic') ?? long.find((r) => r.kind === 'person' && r.participant_id === e.speaker) ?? long.find((r) => r.kind === 'person')
}

/** Who speaks in a text of notes, as its lines say: what stands before the colon, each once. */
export function speakersIn(text: string): string[] {
  const out = new Set<string>()
  for (const line of text.split(/\r?\n/)) {
    const who = /^\s*([^：:【】\s][^：:【】]{0,19})[：:]/.exec(line)?.[1]?.trim()
    if (who) out.add(who)
    if (out.size >= 12) break
  }
  return [...out]
}

/** Templates of a record, as the server names them. */
export const TEMPLATES = ['ordinary', 'summary', 'element_style', 'after_conference', 'conference', 'mediation', 'questioning', 'pronouncement'] as const

/** 01:02:03 or 02:03 of a hearing → ms; nothing written is null, what cannot be read is undefined. */
export function msOf(text: string): number | null | undefined {
  const said = text.trim().replace(/：/g, ':')
  if (!said) return null
  const m = /^(?:(\d{1,2}):)?([0-5]?\d):([0-5]\d)$/.exec(said)
  return m ? (Number(m[1] ?? 0) * 3600 + Number(m[2]) * 60 + Number(m[3])) * 1000 : undefined
}
