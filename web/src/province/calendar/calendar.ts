import type { CalendarChange, CalendarDay, CalendarOrder, Day, DayKind } from '@/api/types'
import { addDays, daysBetween } from '@/lib/format'

/** A year of rest days and make-up days, and what somebody wants to change in it. Pure; no clock. */
export type DayLook = 'holiday' | 'workday' | 'weekend' | 'weekday'
export interface Wish {
  day: Day
  kind: DayKind
  name: string
}
/** Monday is 0. */
export const weekdayOf = (day: Day): number => (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7
const two = (n: number) => String(n).padStart(2, '0')

/** The weeks of a month, Monday first; what belongs to another month is empty. */
export function weeksOf(year: number, month: number): (Day | null)[][] {
  const first = `${year}-${two(month)}-01`
  const n = new Date(Date.UTC(year, month, 0)).getUTCDate()
  const cells: (Day | null)[] = [...Array.from({ length: weekdayOf(first) }, () => null), ...Array.from({ length: n }, (_, i) => addDays(first, i))]
  while (cells.length % 7) cells.push(null)
  return Array.from({ length: cells.length / 7 }, (_, w) => cells.slice(w * 7, w * 7 + 7))
}
/** What a day is by the entries; without one it is as the weekday says. */
export function lookOf(day: Day, entry: Pick<CalendarDay, 'kind'> | undefined): DayLook {
  if (entry?.kind === 'holiday' || entry?.kind === 'workday') return entry.kind
  return weekdayOf(day) > 4 ? 'weekend' : 'weekday'
}
export const isRest = (look: DayLook): boolean => look === 'holiday' || look === 'weekend'
/** Rest days and make-up days of a year, counted. */
export function sums(days: readonly Pick<CalendarDay, 'kind'>[]): { holidays: number; workdays: number } {
  return { holidays: days.filter((d) => d.kind === 'holiday').length, workdays: days.filter((d) => d.kind === 'workday').length }
}

/** Days from one to the other, both told; turned round when need be. */
export function daysFrom(a: Day, b: Day): Day[] {
  const [from, to] = a <= b ? [a, b] : [b, a]
  return Array.from({ length: daysBetween(from, to) + 1 }, (_, i) => addDays(from, i))
}
/** A press on a day: it is to become this; pressed again it is left as it was. */
export function press(wishes: readonly Wish[], wish: Wish): Wish[] {
  const there = wishes.find((w) => w.day === wish.day)
  const others = wishes.filter((w) => w.day !== wish.day)
  return there && there.kind === wish.kind && there.name === wish.name ? others : inOrder([...others, wish])
}
export function put(wishes: readonly Wish[], added: readonly Wish[]): Wish[] {
  const days = new Set(added.map((w) => w.day))
  return inOrder([...wishes.filter((w) => !days.has(w.day)), ...added])
}
const inOrder = (wishes: Wish[]): Wish[] => wishes.sort((a, b) => a.day.localeCompare(b.day))

export interface WishGroup {
  from: Day
  to: Day
  kind: DayKind
  name: string
  days: Day[]
}
/** Days in a row that become the same, told as one. */
export function grouped(wishes: readonly Wish[]): WishGroup[] {
  const out: WishGroup[] = []
  for (const w of wishes) {
    const last = out[out.length - 1]
    if (last && last.kind === w.kind && last.name === w.name && addDays(last.to, 1) === w.day) {
      last.to = w.day
      last.days.push(w.day)
    } else out.push({ from: w.day, to: w.day, kind: w.kind, name: w.name, days: [w.day] })
  }
  return out
}

export const MOST_DAYS = 60
export type CalendarFault = 'nothing' | 'too_many' | 'basis'
export function calendarFaults(wishes: readonly Wish[], basis: string): CalendarFault[] {
  return [...(wishes.length ? [] : ['nothing' as const]), ...(wishes.length > MOST_DAYS ? ['too_many' as const] : []), ...(basis.trim() ? [] : ['basis' as const])]
}
export const orderOf = (wishes: readonly Wish[], basis: string, note: string): CalendarOrder => ({
  days: wishes.map(({ day, kind, name }) => ({ day, kind, name })), basis: basis.trim(), ...(note.trim() ? { note: note.trim() } : {}),
})

/** How many courts have counted anew, while some have not. */
export function recounting(c: Pick<CalendarChange, 'courts' | 'courts_done'> | undefined): { done: number; of: number } | undefined {
  const { courts_done: done, courts: of } = c ?? {}
  return done !== undefined && of !== undefined && done < of ? { done, of } : undefined
}

/** Where an arrow leads from a day; undefined for other keys. The year's edges hold. */
export function walk(day: Day, key: string): Day | undefined {
  const year = day.slice(0, 4)
  const by: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }
  const step = by[key]
  let to: Day | undefined
  if (step !== undefined) to = addDays(day, step)
  else if (key === 'Home') to = addDays(day, -weekdayOf(day))
  else if (key === 'End') to = addDays(day, 6 - weekdayOf(day))
  else if (key === 'PageUp' || key === 'PageDown') {
    const month = Number(day.slice(5, 7)) + (key === 'PageUp' ? -1 : 1)
    if (month < 1 || month > 12) return day
    const last = new Date(Date.UTC(Number(year), month, 0)).getUTCDate()
    to = `${year}-${two(month)}-${two(Math.min(Number(day.slice(8)), last))}`
  }
  if (to === undefined) return undefined
  return to.slice(0, 4) === year ? to : day
}

/* What is being written waits in this browser. */
export interface CalendarDraft {
  wishes: Wish[]
  basis: string
  note: string
}
const place = (person: string) => `lianting.calendar.${person}`
export function loadCalendarDraft(person: string): CalendarDraft | null {
  try {
    const read = JSON.parse(localStorage.getItem(place(person)) ?? 'null') as CalendarDraft | null
    return read && Array.isArray(read.wishes) ? read : null
  } catch {
    return null
  }
}
export function storeCalendarDraft(person: string, draft: CalendarDraft | null): void {
  try {
    if (draft) localStorage.setItem(place(person), JSON.stringify(draft))
    else localStorage.removeItem(place(person))
  } catch {
    // storage switched off: it lasts as long as the page
  }
}
