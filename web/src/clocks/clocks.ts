import type { Case, Clock, ClockFact, Excuse, SuspensionGround, WhatIfQuery } from '@/api/types'
import { daysBetween } from '@/lib/format'

/** The clocks of a case, what stands beside them, and the questions one may ask of them. Pure. */
export const GROUNDS: readonly SuspensionGround[] = ['stay', 'appraisal', 'audit', 'notice', 'jurisdiction', 'settlement', 'mediation']
export const MOST_TRAVEL = 60

/** Still runs, or ran out and was not done. */
export const isOpen = (c: Pick<Clock, 'state'>): boolean => c.state !== 'done'
/** A party asks for its own clocks; whoever acts for one sees those of the parties and the court decides. */
export function mayAskFor(c: Pick<Clock, 'id' | 'party_id' | 'state'>, kase: Pick<Case, 'parties' | 'my_capacity'>): boolean {
  if (!c.id || !c.party_id || !isOpen(c as Clock)) return false
  const own = kase.parties.filter((p) => p.own)
  return own.length ? own.some((p) => p.id === c.party_id) : kase.my_capacity === 'representative'
}
export const askedFor = (c: Pick<Clock, 'id'>, excuses: readonly Excuse[]): Excuse | undefined => excuses.find((e) => e.clock_id === c.id && e.state === 'asked')

/** Whether a stay still runs, by its own end. */
export const stands = (f: Pick<ClockFact, 'kind' | 'until' | 'ended_at'>): boolean => f.kind !== 'travel' && !f.until && !f.ended_at
/** How much later, in days; less than nothing is earlier. */
export const shiftOf = (from: string | undefined, to: string | undefined): number | null => (from && to ? daysBetween(from, to) : null)

export interface Span {
  from: string | null
  until: string | null
}
export interface WhatIfForm {
  rule: string
  day: string | null
  hour: string
  travel: string
  excused: string
  spans: Span[]
}
/** Whole days typed, none for an empty field; null where it is no number of days. */
export function daysTyped(text: string, most = 3650): number | undefined | null {
  const t = text.trim()
  if (!t) return undefined
  return /^\d{1,4}$/.test(t) && Number(t) <= most ? Number(t) : null
}
export type WhatIfFault = 'rule' | 'day' | 'hour' | 'travel' | 'excused' | 'spans'
export function whatIfFaults(f: WhatIfForm, clock: string | undefined, hours: boolean): WhatIfFault[] {
  const out: WhatIfFault[] = []
  if (!clock && !f.rule) out.push('rule')
  if (!clock && !f.day) out.push('day')
  if (!clock && hours && !/^([01]?\d|2[0-3]):[0-5]\d$/.test(f.hour.trim())) out.push('hour')
  if (daysTyped(f.travel) === null) out.push('travel')
  if (daysTyped(f.excused) === null) out.push('excused')
  if (f.spans.some((s) => (s.until && !s.from) || (s.from && s.until && s.until < s.from))) out.push('spans')
  return out
}
/** In the words of the court's interface; what is empty is not asked. */
export function whatIfQuery(f: WhatIfForm, clock: string | undefined, hours: boolean): WhatIfQuery {
  const pauses = f.spans.filter((s) => s.from).map((s) => `${s.from}..${s.until ?? ''}`).join(',')
  const trigger = f.day ? (hours && f.hour.trim() ? `${f.day}T${f.hour.trim()}` : f.day) : ''
  return {
    ...(clock ? { clock } : {}), ...(f.rule && !clock ? { rule: f.rule } : {}), ...(trigger ? { trigger } : {}),
    ...(daysTyped(f.travel) ? { travel_days: Number(f.travel) } : {}), ...(daysTyped(f.excused) ? { excused_days: Number(f.excused) } : {}), ...(pauses ? { pauses } : {}),
  }
}
