import type { CourtId, Instant, Outage, OutageOrder, OutagePart } from '@/api'
import { dayOf, sayClock } from '@/lib/format'

/** What staff write down of an outage: moments, parts, and what is still wrong with them. No text. */

/** A moment as people write one: a Beijing day, and the time on the clock. */
export interface Moment {
  day: string | null
  clock: string
}
export const momentOf = (at: Instant | Date): Moment => ({ day: dayOf(at), clock: sayClock(at) })
/** 14:05, 1405, 14：05, 9.5 → hh:mm; null when it is no time of day. */
export function readClock(text: string): string | null {
  const s = text.trim().replace(/[０-９]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
  const got = /^(\d{1,2})\s*[:：.。点时]\s*(\d{1,2})分?$/.exec(s) ?? /^(\d{1,2})(\d{2})$/.exec(s)
  if (!got) return null
  const [h, m] = [Number(got[1]), Number(got[2])]
  return h < 24 && m < 60 ? `${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}` : null
}
/** The instant, to the minute; null while day or time is missing. */
export function instantOf(m: Moment): Date | null {
  const clock = readClock(m.clock)
  return m.day && clock ? new Date(`${m.day}T${clock}:00+08:00`) : null
}

export type Kind = 'past' | 'going' | 'planned'
export const PARTS: OutagePart[] = ['filing', 'payment', 'service_inbox']
export interface OutageDraft {
  province: boolean
  kind: Kind
  parts: OutagePart[]
  from: Moment
  to: Moment
  reason: string
  reason_en: string
}
export type Fault = 'parts' | 'from' | 'from_past' | 'from_ahead' | 'to' | 'to_ahead' | 'order' | 'long' | 'reason'
const LONGEST_MS = 30 * 86_400_000
const signs = (text: string) => [...text.trim()].length

function faultOfFrom(d: OutageDraft, now: Date): Fault | null {
  const from = instantOf(d.from)
  if (!from) return 'from'
  if (d.kind === 'planned') return from <= now ? 'from_past' : null
  return from > now ? 'from_ahead' : null
}
function faultOfTo(d: OutageDraft, now: Date): Fault | null {
  const [from, to] = [instantOf(d.from), instantOf(d.to)]
  if (d.kind === 'going') return from && now.getTime() - from.getTime() > LONGEST_MS ? 'long' : null
  if (!to) return 'to'
  if (from && to <= from) return 'order'
  if (from && to.getTime() - from.getTime() > LONGEST_MS) return 'long'
  return d.kind === 'past' && to > now ? 'to_ahead' : null
}
/** What is wrong, field by field; the court says the same, but only after it was sent. */
export function faultsOf(d: OutageDraft, now: Date): { parts?: Fault; from?: Fault; to?: Fault; reason?: Fault } {
  const [from, to] = [faultOfFrom(d, now), faultOfTo(d, now)]
  return {
    ...(d.parts.length ? {} : { parts: 'parts' as const }),
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
    ...(signs(d.reason) < 2 ? { reason: 'reason' as const } : {}),
  }
}
/** All three parts are everything. */
export function orderOf(d: OutageDraft): OutageOrder {
  const to = d.kind === 'going' ? null : instantOf(d.to)
  return {
    scope: d.province ? 'province' : 'court',
    parts: d.parts.length === PARTS.length ? ['all'] : PARTS.filter((p) => d.parts.includes(p)),
    from: (instantOf(d.from) ?? new Date(Number.NaN)).toISOString(),
    ...(to ? { to: to.toISOString() } : {}),
    planned: d.kind === 'planned',
    reason: d.reason.trim(),
    reason_en: d.reason_en.trim(),
  }
}
/** Announced, and not yet begun. */
export const ahead = (o: Pick<Outage, 'planned' | 'from'>, now: Date): boolean => o.planned && new Date(o.from) > now
/** Whoever entered it ends it: the court itself, or the high court for the province. */
export const keeps = (o: Pick<Outage, 'scope' | 'court_id'>, court: CourtId, high: boolean): boolean => (o.scope === 'province' ? high : o.court_id === court)
/** An end that lies after the beginning and not after now. */
export function faultOfEnd(o: Pick<Outage, 'from'>, m: Moment, now: Date): Fault | null {
  const to = instantOf(m)
  if (!to) return 'to'
  if (to <= new Date(o.from)) return 'order'
  return to > now ? 'to_ahead' : null
}
/** The courts look within minutes of an outage's end, or of its being entered afterwards; a court with nothing to move tells nothing. */
const LOOKED_MS = 10 * 60_000
export function counting(o: Pick<Outage, 'to' | 'withdrawn_at' | 'effects' | 'entered_at'>, now: Date): boolean {
  if (o.withdrawn_at || o.effects.length || !o.to || new Date(o.to) > now) return false
  return now.getTime() - Math.max(Date.parse(o.to), Date.parse(o.entered_at) || 0) < LOOKED_MS
}
