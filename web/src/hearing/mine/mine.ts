import { isBefore, isOff, isSitting } from '@/hearing/schedule/program'
import type { HearingSummary } from '@/hearing/before/types'

/** 我的庭审: which comes first and what is to be done about it. Pure. */
export type Next = 'enter' | 'wait' | 'test' | 'come' | 'nothing' | 'record' | 'off'
/** minutes before the beginning at which one is sent to the waiting room */
const WAIT = 30
export function nextOf(h: HearingSummary, now: number, own?: { mode: string }): Next {
  if (isOff(h.state)) return 'off'
  const inPerson = own ? own.mode === 'in_court' : h.held === 'offline'
  if (['ended', 'signing'].includes(h.state)) return 'record'
  if (['closed', 'locked'].includes(h.state)) return 'nothing'
  if (inPerson) return 'come'
  if (isSitting(h.state)) return 'enter'
  if (h.state === 'waiting' || Date.parse(h.starts_at) - now < WAIT * 60_000) return 'wait'
  return 'test'
}
export function sorted(items: HearingSummary[], now: number): { ahead: HearingSummary[]; past: HearingSummary[] } {
  const isAhead = (h: HearingSummary) => isSitting(h.state) || ['ended', 'signing'].includes(h.state) || (isBefore(h.state) && Date.parse(h.ends_at) > now - 3_600_000)
  const by = (a: HearingSummary, b: HearingSummary) => a.starts_at.localeCompare(b.starts_at)
  return { ahead: items.filter(isAhead).sort(by), past: items.filter((h) => !isAhead(h)).sort((a, b) => by(b, a)) }
}
/** The hearings lie behind the secret of the feed of services. */
export const feedOf = (services: string): string => services.replace('/my/inbox/feed', '/my/hearings/feed')
/** What a person may still ask of the court, at this point of the course. */
export const mayAsk = (h: HearingSummary): boolean => isBefore(h.state)
