import { isOff, isSitting } from '@/hearing/schedule/program'
import type { DelayedHearing, HearingIdentity, HearingPlace, HearingSeat } from './types'

/** 候庭: what the page of one who waits says now. Pure. */
export type WaitState =
  | 'too_early' | 'waiting' | 'to_identify' | 'doubt' | 'delayed' | 'witness' | 'called' | 'enter' | 'excluded'
  | 'in_person' | 'cancelled' | 'postponed' | 'moved_offline' | 'over'

const APART = ['witness', 'appraiser', 'inspector', 'expert_assistant']
/** When the waiting room opens: told by the court, else twenty minutes before. */
export function opensAt(h: DelayedHearing): string {
  return h.waiting_from ?? new Date(Date.parse(h.delayed_until ?? h.summary.starts_at) - 20 * 60_000).toISOString()
}
export function waitState(h: DelayedHearing, own: HearingSeat | undefined, place: HearingPlace | undefined, identity: HearingIdentity | undefined, now: number): WaitState {
  const { state } = h.summary
  if (state === 'cancelled' || state === 'postponed' || state === 'moved_offline') return state
  if (['closed', 'locked'].includes(state)) return 'over'
  if (own?.mode === 'in_court') return 'in_person'
  const apart = APART.includes(own?.role ?? '')
  if (isSitting(state) || state === 'ended' || state === 'signing') {
    if (!apart) return 'enter'
    return place === 'courtroom' ? 'called' : 'witness'
  }
  if (h.delayed_until && Date.parse(h.delayed_until) > now) return 'delayed'
  if (state === 'scheduled' && now < Date.parse(opensAt(h))) return 'too_early'
  if (apart) return 'witness'
  if (identity?.standing === 'doubt' || identity?.standing === 'no_match') return 'doubt'
  return identity?.standing === 'none' ? 'to_identify' : 'waiting'
}
/** Something moves soon: ask often. */
export const isLive = (h: DelayedHearing): boolean => !isOff(h.summary.state) && !['closed', 'locked', 'scheduled'].includes(h.summary.state)
/** 00:12:05 until, or since when it should have begun. */
export function countdown(until: string, now: number): { past: boolean; text: string; days: number } {
  const ms = Date.parse(until) - now
  const s = Math.floor(Math.abs(ms) / 1000)
  const two = (n: number) => String(n).padStart(2, '0')
  return { past: ms < 0, days: Math.floor(s / 86_400), text: `${two(Math.floor((s % 86_400) / 3600))}:${two(Math.floor((s % 3600) / 60))}:${two(s % 60)}` }
}
/** Both languages in one pace: at most one look every two seconds while the socket is away, slower long before. */
export function pace(h: DelayedHearing | undefined, connected: boolean, now: number): number {
  if (!h) return 15_000
  if (connected) return 30_000
  const ms = Date.parse(h.delayed_until ?? h.summary.starts_at) - now
  return isLive(h) ? 5_000 : ms < 30 * 60_000 ? 10_000 : 60_000
}
