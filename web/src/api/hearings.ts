import { call } from './client'
import type { CourtId as C, Uuid as Id } from './types'
import type * as H from '@/hearing/before/types'

const one = (c: C, h: Id) => `/courts/${c}/hearings/${h}`
const ofCase = (c: C, k: Id) => `/courts/${c}/cases/${k}`

/** 庭审: scheduling, and what comes before the room opens. */
export const hearings = {
  check: (c: C, k: Id, body: H.NewHearing, signal?: AbortSignal) => call<H.HearingCheck>('POST', `${ofCase(c, k)}/hearings/check`, { body, signal }),
  schedule: (c: C, k: Id, body: H.NewHearing, key: Id) => call<H.Hearing>('POST', `${ofCase(c, k)}/hearings`, { body, key }),
  list: (c: C, q: H.HearingQuery = {}) => call<{ items: H.HearingSummary[]; next_cursor?: Id }>('GET', `/courts/${c}/hearings`, { query: { ...q } }),
  get: (c: C, h: Id) => call<H.Hearing>('GET', one(c, h)),
  move: (c: C, h: Id, body: H.HearingMove) => call<H.Hearing>('PUT', `${one(c, h)}/time`, { body }),
  step: (c: C, h: Id, body: { version: number; step: H.HearingStepWord; reason: string }) => call<H.Hearing>('POST', `${one(c, h)}/steps`, { body }),
  calls: (c: C) => call<{ items: H.UnreachedSeat[] }>('GET', `/courts/${c}/hearing-calls`),
  called: (c: C, h: Id, body: { participant_id: Id; outcome: H.CallOutcome; note: string }, key: Id) => call<void>('POST', `${one(c, h)}/calls`, { body, key }),
  courtrooms: (c: C) => call<{ items: H.Courtroom[] }>('GET', `/courts/${c}/courtrooms`),
  addCourtroom: (c: C, body: H.CourtroomOrder, key: Id) => call<{ items: H.Courtroom[] }>('POST', `/courts/${c}/courtrooms`, { body, key }),
  changeCourtroom: (c: C, r: Id, body: H.CourtroomOrder) => call<{ items: H.Courtroom[] }>('PUT', `/courts/${c}/courtrooms/${r}`, { body }),
  renewFeed: (c: C, r: Id) => call<{ url: string }>('PUT', `/courts/${c}/courtrooms/${r}/feed`),

  mine: (q: { from?: string; until?: string; limit?: number } = {}) => call<{ items: H.HearingSummary[] }>('GET', '/my/hearings', { query: q }),
  busy: () => call<{ items: H.BusyTime[] }>('GET', '/my/unavailable'),
  addBusy: (body: { from: string; until: string }, key: Id) => call<H.BusyTime>('POST', '/my/unavailable', { body, key }),
  endBusy: (b: Id) => call<void>('DELETE', `/my/unavailable/${b}`),
  openLink: (token: string) => call<H.LinkedHearing>('POST', '/hearing-links', { body: { token } }),
  consents: (c: C, k: Id) => call<H.OnlineConsents>('GET', `${ofCase(c, k)}/online-consents`),
  sayConsent: (c: C, k: Id, body: H.OnlineConsentOrder, key: Id) => call<H.OnlineConsents>('POST', `${ofCase(c, k)}/online-consents`, { body, key }),
}
