import type { DeskSeat } from './types'

/** 候庭台: what is still open for one person, and in which order the clerk takes people. Pure. */
export type Lack = 'absent' | 'identity' | 'view' | 'discipline' | 'test'
export function lacksOf(s: DeskSeat): Lack[] {
  const online = s.mode === 'online'
  return [
    ...(online && !s.connected ? ['absent' as const] : []),
    ...(s.must_identify && s.standing !== 'matches' ? ['identity' as const] : []),
    ...(s.must_identify && (s.views_missing.length || s.views.some((v) => v.says === 'objection')) ? ['view' as const] : []),
    ...(s.must_acknowledge && !s.acknowledged_at ? ['discipline' as const] : []),
    ...(online && s.test?.report.score !== 'good' && s.test?.report.score !== 'fair' ? ['test' as const] : []),
  ]
}
const COURT = ['bench', 'clerk_desk', 'none', 'gallery']
/** Whom the clerk looks after: both sides, and those who wait apart. */
export const isGuest = (s: DeskSeat): boolean => !COURT.includes(s.area)
/** Here and not yet checked first: that is whom the clerk can work on now. */
export function deskOrder(items: DeskSeat[]): DeskSeat[] {
  const rank = (s: DeskSeat) => {
    const lacks = lacksOf(s)
    if (!lacks.length) return 3
    if (lacks.includes('absent')) return 2
    return lacks.includes('identity') ? 0 : 1
  }
  return items.filter(isGuest).map((s, i) => ({ s, i })).sort((a, b) => rank(a.s) - rank(b.s) || a.i - b.i).map((x) => x.s)
}
export const ready = (items: DeskSeat[]): { done: number; of: number } => {
  const guests = items.filter(isGuest)
  return { done: guests.filter((s) => !lacksOf(s).length).length, of: guests.length }
}
