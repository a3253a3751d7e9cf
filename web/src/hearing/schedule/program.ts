import type { Day } from '@/api/types'
import type { HearingState, HearingSummary } from '@/hearing/before/types'
import { addDays, dayOf } from '@/lib/format'

/** 庭审日程: what stands where on a day's plan, and which days a week has. Pure. */
export const OPENS = 8 * 60
export const CLOSES = 18 * 60

/** Minutes since midnight, Beijing. */
export function minuteOf(at: string): number {
  const ms = Date.parse(at) + 8 * 3_600_000
  return Math.floor((ms % 86_400_000) / 60_000)
}
/** Left and width in percent of the plan; what begins before or ends after is cut at the edge. */
export function barOf(from: string, until: string, opens = OPENS, closes = CLOSES): { left: number; width: number } {
  const cut = (n: number) => Math.min(Math.max(n, opens), closes)
  const begin = minuteOf(from)
  const length = Math.max(0, Math.round((Date.parse(until) - Date.parse(from)) / 60_000))
  const [a, b] = [cut(begin), cut(begin + length)]
  const whole = closes - opens
  return { left: ((a - opens) / whole) * 100, width: Math.max(((b - a) / whole) * 100, 1.5) }
}

export interface PlanRow {
  key: string
  name: string
  items: { hearing: HearingSummary; lane: number }[]
  lanes: number
}
/** Two at one time stand in two lanes. */
function lanes(items: HearingSummary[]): PlanRow['items'] {
  const ends: string[] = []
  return [...items].sort((a, b) => a.starts_at.localeCompare(b.starts_at)).map((hearing) => {
    const free = ends.findIndex((end) => end <= hearing.starts_at)
    const lane = free < 0 ? ends.length : free
    ends[lane] = hearing.ends_at
    return { hearing, lane }
  })
}
export type Planned = HearingSummary
/** A row for each courtroom (or judge), rooms without a hearing too; what has none comes last. */
export function rowsOf(items: Planned[], by: 'courtroom' | 'judge', names: string[], none: string): PlanRow[] {
  const placed = (h: Planned): string[] => (by === 'courtroom' ? (h.courtroom ? [h.courtroom] : []) : h.bench?.map((b) => b.name) ?? [])
  const all = [...new Set([...names, ...items.flatMap(placed)])]
  const row = (key: string, name: string, own: HearingSummary[]): PlanRow => {
    const laid = lanes(own)
    return { key, name, items: laid, lanes: Math.max(1, ...laid.map((x) => x.lane + 1)) }
  }
  const rows = all.map((name) => row(name, name, items.filter((h) => placed(h).includes(name))))
  const rest = items.filter((h) => !placed(h).length)
  return rest.length ? [...rows, row('', none, rest)] : rows
}

/** The first lane that is free at that time, so that what is being planned hides nothing. */
export function freeLane(row: PlanRow, from: string, until: string): number {
  const taken = new Set(row.items.filter((x) => x.hearing.starts_at < until && from < x.hearing.ends_at).map((x) => x.lane))
  let lane = 0
  while (taken.has(lane)) lane++
  return lane
}

/** Monday of the week. */
export function weekOf(day: Day): Day {
  const weekday = (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7
  return addDays(day, -weekday)
}
/** Monday to Friday; the weekend only where something is on. */
export function daysOf(monday: Day, items: HearingSummary[]): { day: Day; items: HearingSummary[] }[] {
  const of = (day: Day) => items.filter((h) => dayOf(h.starts_at) === day).sort((a, b) => a.starts_at.localeCompare(b.starts_at))
  return Array.from({ length: 7 }, (_, i) => addDays(monday, i)).map((day) => ({ day, items: of(day) })).filter((d, i) => i < 5 || d.items.length)
}
/** Free times by day, so that a row is a day. */
export function byDay<T extends { from: string }>(slots: T[]): { day: Day; slots: T[] }[] {
  const days = [...new Set(slots.map((s) => dayOf(s.from)))]
  return days.map((day) => ({ day, slots: slots.filter((s) => dayOf(s.from) === day) }))
}

const BEFORE: HearingState[] = ['scheduled', 'waiting']
const SITTING: HearingState[] = ['open', 'adjourned', 'suspended', 'closed_part', 'mediation']
const OFF: HearingState[] = ['cancelled', 'postponed', 'moved_offline']
export const isBefore = (s: HearingState): boolean => BEFORE.includes(s)
export const isSitting = (s: HearingState): boolean => SITTING.includes(s)
export const isOff = (s: HearingState): boolean => OFF.includes(s)
/** One icon per meaning, as everywhere. */
export function toneOf(s: HearingState): 'info' | 'warn' | 'ok' | 'bad' | 'mute' | 'outline' {
  if (s === 'suspended') return 'bad'
  if (isOff(s) || s === 'adjourned') return 'mute'
  if (s === 'scheduled') return 'outline'
  if (s === 'closed' || s === 'locked') return 'ok'
  return isSitting(s) || s === 'waiting' ? 'info' : 'warn'
}
