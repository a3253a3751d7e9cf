import { call, url } from './client'
import type { CourtId as C, RoleName, Uuid as Id } from './types'
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
  checkMove: (c: C, h: Id, body: H.HearingMove, signal?: AbortSignal) => call<H.HearingCheck>('POST', `${one(c, h)}/time/check`, { body, signal }),
  addSeat: (c: C, h: Id, body: { version: number; seat: H.NewSeat; conflict_reason?: string; whole_series?: boolean }, key: Id) => call<H.Hearing>('POST', `${one(c, h)}/seats`, { body, key }),
  removeSeat: (c: C, h: Id, seat: Id, body: { version: number; reason: string; whole_series?: boolean }) => call<H.Hearing>('POST', `${one(c, h)}/seats/${seat}/removal`, { body }),
  setMeasures: (c: C, h: Id, seat: Id, body: { measures: H.SeatMeasures; reasons: string }) => call<H.Hearing>('PUT', `${one(c, h)}/seats/${seat}/measures`, { body }),
  cancelSeries: (c: C, h: Id, reason: string) => call<{ hearing_ids: Id[] }>('POST', `${one(c, h)}/series/cancel`, { body: { reason } }),
  notices: () => call<{ items: H.MyHearingNotice[]; unread: number }>('GET', '/my/hearing-notices'),
  noticeSeen: (n: Id) => call<void>('POST', `/my/hearing-notices/${n}/seen`),
  setMobile: (c: C, h: Id, seat: Id, mobile: string) => call<void>('PUT', `${one(c, h)}/seats/${seat}/mobile`, { body: { mobile } }),
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
  takeSeat: (token: string) => call<H.LinkedSeat>('POST', '/hearing-links/take', { body: { token } }),
  openLink: (token: string) => call<H.LinkedHearing>('POST', '/hearing-links', { body: { token } }),
  consents: (c: C, k: Id) => call<H.OnlineConsents>('GET', `${ofCase(c, k)}/online-consents`),
  invite: (c: C, k: Id, step: H.OnlineStep, key: Id) => call<{ asked: number }>('POST', `${ofCase(c, k)}/online-invitations`, { body: { step }, key }),
  sayConsent: (c: C, k: Id, body: H.OnlineConsentOrder, key: Id) => call<H.OnlineConsents>('POST', `${ofCase(c, k)}/online-consents`, { body, key }),
}

/**
 * Doors `openapi.json` does not hold yet: what comes before the room.
 * Once it does, this goes into `hearings` above and so into `api`, whose calls a test holds against the document.
 */
export const before = {
  tests: (c: C, h: Id) => call<{ items: H.HearingTest[] }>('GET', `${one(c, h)}/tests`),
  submitTest: (c: C, h: Id, body: { device: string; measured: H.HearingMeasured }, key: Id) => call<H.HearingTestReport>('POST', `${one(c, h)}/tests`, { body, key }),
  scoreTest: (measured: H.HearingMeasured) => call<H.HearingTestReport>('POST', '/my/media-test/score', { body: { measured } }),
  readBytes: async (size: number, signal?: AbortSignal) => {
    const res = await fetch(url('/my/media-test/bytes', { size }), { credentials: 'same-origin', cache: 'no-store', signal })
    if (!res.ok) throw new Error(`bytes ${res.status}`)
    return (await res.arrayBuffer()).byteLength
  },
  sendBytes: (raw: Blob, signal?: AbortSignal) => call<{ bytes: number }>('POST', '/my/media-test/bytes', { raw, signal }),
  reading: (c: C, h: Id, what: H.AckWhat = 'discipline') => call<H.HearingReading>('GET', `${one(c, h)}/discipline`, { query: { what } }),
  acknowledge: (c: C, h: Id, body: { what: H.AckWhat; digest: string; agrees?: boolean; participant_id?: Id }, key: Id) => call<H.HearingReading>('POST', `${one(c, h)}/acks`, { body, key }),
  addPaper: (c: C, h: Id, body: { file_id: Id; kind: H.PaperKind; participant_id?: Id }, key: Id) => call<H.HearingPaper>('POST', `${one(c, h)}/identity-papers`, { body, key }),
  identity: (c: C, h: Id) => call<{ items: H.HearingIdentity[] }>('GET', `${one(c, h)}/identity`),
  sayIdentity: (c: C, h: Id, body: H.IdentityOrder, key: Id) => call<{ items: H.HearingIdentity[] }>('POST', `${one(c, h)}/identity`, { body, key }),
  desk: (c: C, h: Id) => call<H.HearingDesk>('GET', `${one(c, h)}/desk`),
  requests: (c: C, h: Id) => call<{ items: H.HearingRequest[] }>('GET', `${one(c, h)}/requests`),
  ask: (c: C, h: Id, body: { kind: H.RequestKind; text: string }, key: Id) => call<H.HearingRequest>('POST', `${one(c, h)}/requests`, { body, key }),
  decide: (c: C, h: Id, r: Id, body: { grant: boolean; reasons: string }, key: Id) => call<H.HearingRequest>('POST', `${one(c, h)}/requests/${r}/decide`, { body, key }),
  withdraw: (c: C, h: Id, r: Id, key: Id) => call<H.HearingRequest>('POST', `${one(c, h)}/requests/${r}/withdraw`, { key }),
  delay: (c: C, h: Id, body: { version: number; until: string; reason: string }, key: Id) => call<H.Hearing>('POST', `${one(c, h)}/delay`, { body, key }),
  messages: (c: C, h: Id, q: { since?: Id; with?: Id } = {}) => call<H.HearingMessages>('GET', `${one(c, h)}/messages`, { query: q }),
  send: (c: C, h: Id, body: { text: string; to_id?: Id }, key: Id) => call<H.HearingMessage>('POST', `${one(c, h)}/messages`, { body, key }),
  read: (c: C, h: Id, body: { until: Id; with?: Id }) => call<void>('POST', `${one(c, h)}/messages/read`, { body }),
}

/** The room's doors that pages before it use, and the technician's board; the document does not hold them yet either. */
export const rooms = {
  pass: (c: C, h: Id) => call<H.HearingPass>('POST', `${one(c, h)}/pass`),
  /** who may be chosen for bench, clerk and technician seats */
  colleagues: (c: C) => call<{ items: { person_id: Id; name: string; roles: RoleName[] }[] }>('GET', `/courts/${c}/hearing-colleagues`),
  province: () => call<H.ProvinceHearings>('GET', '/province/hearings'),
  board: (c: C) => call<H.HearingBoard>('GET', `/courts/${c}/hearing-board`),
  takeAlert: (c: C, a: Id, key: Id) => call<void>('POST', `/courts/${c}/hearing-alerts/${a}/take`, { key }),
  closeAlert: (c: C, a: Id, how: string, key: Id) => call<void>('POST', `/courts/${c}/hearing-alerts/${a}/close`, { body: { how }, key }),
}
