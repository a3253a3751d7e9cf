/**
 * Calls and shapes the kept document does not name yet. When `npm run api` brings them in, the shapes become
 * aliases of the made ones, the calls move into index.ts under the same names, and this file goes.
 */
import { bytes, call, url } from './client'
import type * as T from './types'
import type { CourtId, Day, Instant, Uuid } from './types'

/* ---- software of a person 程序接入 ---- */
export type ApiScope = 'cases.read' | 'inbox.read' | 'filings.read' | 'filings.write'
export interface ApiClient {
  client_id: string
  name: string
  scopes: ApiScope[]
  created_at: Instant
  last_used_at?: Instant
}
export interface ApiClients {
  items: ApiClient[]
  most: number
}
export interface NewApiClient {
  client: ApiClient
  secret: string
}
export type HookTopic = 'case.act' | 'filing.act' | 'service.announced' | 'service.effect'
export interface Webhook {
  hook_id: Uuid
  url: string
  topics: HookTopic[]
  state: 'active' | 'paused'
  paused_reason?: string
  failing_since?: Instant
  created_at: Instant
  last_delivered_at?: Instant
}
export interface Webhooks {
  items: Webhook[]
  most: number
}
export interface NewWebhook {
  webhook: Webhook
  secret: string
}
export interface HookDelivery {
  event_id: string
  topic: HookTopic | 'ping'
  created_at: Instant
  state: 'waiting' | 'delivered' | 'failed'
  tries: number
  status?: number
  error?: string
  delivered_at?: Instant
}
export interface HookDeliveries {
  items: HookDelivery[]
}

/* ---- templates of papers 文书样式 ---- */
export interface PaperTemplate {
  name: string
  title: string
  title_en: string
  own: boolean
  draft: boolean
  published_at?: Instant
  by?: string
}
export interface PaperTemplates {
  items: PaperTemplate[]
}
export interface TemplateVersion {
  version: number
  published_at: Instant
  by: string
  reason: string
}
export interface PaperTemplateDetail {
  template: PaperTemplate
  house_source: string
  own_source?: string
  draft_source?: string
  version: number
  past: TemplateVersion[]
}
export interface TemplateFault {
  line: number
  column: number
  message: string
}
export interface TemplateCheck {
  ok: boolean
  faults: TemplateFault[]
  version: number
}
export type TemplateOf = 'draft' | 'own' | 'house'

/* ---- what newer answers carry besides ---- */
/** Whose, from which event, and what moved it. */
export type Clock = T.Clock & {
  /** none: it hangs on docketing */
  id?: Uuid
  cause?: string
  cause_en?: string
  from_at?: Instant
  party_id?: Uuid
  party?: string
  days_not_counted?: number
  travel_days?: number
  moved?: { from_on: Day; to_on: Day; reason: MoveReason; text: string; text_en: string }[]
}
export interface RuleVersion {
  version: number
  value: T.Json
  basis: string
  valid_from: Day
  valid_to?: Day
  note?: string
  set_by: string
  set_at_court: CourtId
}
/** Versions published for later, the nearest first. */
export type Rule = T.Rule & { upcoming?: RuleVersion[] }
export type ServedPaper = T.ServedPaper & { media_type?: string; paper_id?: Uuid }
/** As what one reads it: a colleague looks on, and answers for nobody. */
export type InboxItem = Omit<T.InboxItem, 'papers'> & { papers: ServedPaper[]; capacity?: T.Capacity }
export type Inbox = Omit<T.Inbox, 'items'> & { items: InboxItem[]; due?: number }
type Page = { cursor?: string; limit?: number }

/* ---- outages 运行公示 ---- */
export interface PartStanding {
  part: string
  name?: string
  name_en?: string
  up: boolean
  since?: Instant
  checked_at?: Instant
}
export interface OutageEffect {
  court_id: CourtId
  court_name: string
  action: 'next_working_day' | 'hours' | 'none' | 'unset'
  text: string
  text_en: string
  moved: number
  done_at: Instant
}
export interface Outage {
  id: Uuid
  scope: 'province' | 'court'
  court_id?: CourtId
  court_name?: string
  parts: string[]
  from: Instant
  to?: Instant
  minutes: number
  found_by: 'probe' | 'restart' | 'person'
  planned: boolean
  reason: string
  reason_en: string
  entered_by?: string
  entered_at: Instant
  withdrawn_at?: Instant
  withdrawn_why?: string
  effects: OutageEffect[]
}
export interface OutageReport {
  month: string
  n: number
  made_at: Instant
  outages?: number
  minutes_by_part?: { part: string; minutes: number }[]
  sha256: string
  previous_sha256?: string
  key_id: string
  algorithm: 'Ed25519'
  signature: string
  file_path: string
  signature_path: string
}
export interface OutageReports {
  items: OutageReport[]
}
export interface OutageBoard {
  since?: Instant
  checked_at?: Instant
  every_seconds: number
  standing: PartStanding[]
  items: Outage[]
  months?: string[]
  /** away in the month, by part */
  minutes?: { part: string; minutes: number }[]
  reports: OutageReport[]
}
export interface ProbeSeen {
  at: Instant
  node: string
  part?: string
  what: 'database' | 'store' | 'renderer' | 'filing' | 'sms' | 'payment'
  ok: boolean
  millis: number
  fault?: string
}
export interface OutageDetail {
  outage: Outage
  probes: ProbeSeen[]
}
export interface OutageKey {
  key_id: string
  algorithm: string
  public_key: string
  pem: string
  current: boolean
}
export interface OutageKeys {
  keys: OutageKey[]
}

/* ---- the calendar of rest days 节假日 ---- */
export type DayKind = 'holiday' | 'workday' | 'plain'
export interface CalendarDay {
  day: Day
  kind: DayKind
  name: string
  source?: 'built_in' | 'province'
  basis?: string
}
export interface CalendarChange {
  id: Uuid
  version: number
  days: CalendarDay[]
  basis: string
  note?: string
  set_by: string
  set_at: Instant
  moved?: number
  courts_done?: number
  courts?: number
}
export interface CalendarYear {
  year: number
  known: boolean
  known_until: Day
  version: number
  days: CalendarDay[]
  changes: CalendarChange[]
}
export interface CalendarChanges {
  known_until: Day
  version: number
  items: CalendarChange[]
}
export interface CalendarPreview {
  known_until_before: Day
  known_until_after: Day
  moved: number
  stay_passed?: number
  capped?: boolean
  courts: { court_id: CourtId; court_name: string; moved: number }[]
  examples: { name: string; name_en: string; from_on: Day; to_on: Day; n: number }[]
}
export interface CalendarOrder {
  days: { day: Day; kind: DayKind; name: string }[]
  basis: string
  note?: string
}

/* ---- clocks of a case 期限 ---- */
export type MoveReason = 'outage' | 'calendar' | 'excuse' | 'travel' | 'suspension'
export interface ClockMove {
  id: Uuid
  at: Instant
  kind: 'clock' | 'fee' | 'correction'
  subject_id: Uuid
  case_id?: Uuid
  filing_id?: Uuid
  number?: string
  title?: string
  name: string
  name_en: string
  from_on: Day
  from_at: Instant
  to_on?: Day
  to_at?: Instant
  reason: MoveReason
  outage_id?: Uuid
  change_id?: Uuid
  rule_version?: number
  text: string
  text_en: string
}
export interface ClockMoves {
  items: ClockMove[]
  next_cursor?: string
}
export interface ClockFact {
  id: Uuid
  kind: 'stay' | 'not_counted' | 'travel'
  ground: string
  ground_name: string
  ground_name_en: string
  from?: Day
  until?: Day
  days?: number
  clock_id?: Uuid
  party_id?: Uuid
  basis: string
  reason: string
  set_by: string
  set_at: Instant
  ended_at?: Instant
}
export interface Excuse {
  id: Uuid
  clock_id: Uuid
  clock_name: string
  clock_name_en: string
  party_id: Uuid
  grounds: string
  obstacle_from?: Day
  obstacle_ended: Day
  asked_at: Instant
  asked_by: string
  apply_by: Day
  late: boolean
  state: 'asked' | 'granted' | 'refused'
  until?: Day
  decision?: string
  decided_at?: Instant
  decided_by?: string
}
export type ClockMay = 'suspend' | 'travel' | 'excuse_decide' | 'excuse_ask' | 'what_if'
export interface CaseClocks {
  items: Clock[]
  facts: ClockFact[]
  excuses: Excuse[]
  moves: ClockMove[]
  may: ClockMay[]
}
export interface WhatIfQuery {
  rule?: string
  trigger?: string
  mode?: string
  travel_days?: number
  excused_days?: number
  pauses?: string
  clock?: Uuid
}
export interface ClockWhatIf {
  answer: T.DeadlineAnswer
  now?: Clock
  moves_to?: Day
}
export type SuspensionGround = 'stay' | 'appraisal' | 'audit' | 'notice' | 'jurisdiction' | 'settlement' | 'mediation'

const hook = (h: Uuid) => `/my/webhooks/${h}`
const template = (c: CourtId, name: string) => `/courts/${c}/templates/${encodeURIComponent(name)}`
const clocks = (c: CourtId, k: Uuid) => `/courts/${c}/cases/${k}`

export const soon = {
  software: {
    clients: () => call<ApiClients>('GET', '/my/api-clients'),
    addClient: (body: { name: string; scopes: ApiScope[] }, key: Uuid) => call<NewApiClient>('POST', '/my/api-clients', { body, key }),
    removeClient: (client: string) => call<void>('DELETE', `/my/api-clients/${encodeURIComponent(client)}`),
    hooks: () => call<Webhooks>('GET', '/my/webhooks'),
    addHook: (body: { url: string; topics: HookTopic[] }, key: Uuid) => call<NewWebhook>('POST', '/my/webhooks', { body, key }),
    removeHook: (h: Uuid) => call<void>('DELETE', hook(h)),
    testHook: (h: Uuid, key: Uuid) => call<HookDelivery>('POST', `${hook(h)}/test`, { key }),
    resumeHook: (h: Uuid, key: Uuid) => call<Webhook>('POST', `${hook(h)}/resume`, { key }),
    deliveries: (h: Uuid) => call<HookDeliveries>('GET', `${hook(h)}/deliveries`),
    deliverAgain: (h: Uuid, event: string, key: Uuid) => call<HookDelivery>('POST', `${hook(h)}/deliveries/${encodeURIComponent(event)}/again`, { key }),
  },

  templates: {
    list: (c: CourtId) => call<PaperTemplates>('GET', `/courts/${c}/templates`),
    get: (c: CourtId, name: string) => call<PaperTemplateDetail>('GET', template(c, name)),
    saveDraft: (c: CourtId, name: string, version: number, source: string) =>
      call<TemplateCheck>('PUT', `${template(c, name)}/draft`, { body: { source }, ifMatch: version }),
    previewUrl: (c: CourtId, name: string, of: TemplateOf) => url(`${template(c, name)}/preview`, { of }),
    /** the same address once more, for the refusal it answers with */
    whyNot: (c: CourtId, name: string, of: TemplateOf) => call<void>('GET', `${template(c, name)}/preview`, { query: { of } }),
    publish: (c: CourtId, name: string, reason: string, key: Uuid) => call<PaperTemplateDetail>('POST', `${template(c, name)}/publish`, { body: { reason }, key }),
    withdraw: (c: CourtId, name: string, reason: string, key: Uuid) => call<PaperTemplateDetail>('POST', `${template(c, name)}/withdraw`, { body: { reason }, key }),
  },

  delivery: {
    inbox: (q: { court?: CourtId; case?: Uuid; unread?: boolean; due?: boolean; q?: string } & Page = {}) => call<Inbox>('GET', '/my/inbox', { query: q }),
    list: (c: CourtId, q: { state?: T.ServiceState; case?: Uuid; due?: boolean } & Page = {}) => call<T.ServiceDesk>('GET', `/courts/${c}/services`, { query: q }),
    cancel: (c: CourtId, s: Uuid, reason: string) => call<T.Service>('PUT', `/courts/${c}/services/${s}/cancellation`, { body: { reason } }),
  },

  outages: {
    board: (q: { month?: string; court?: CourtId } = {}) => call<OutageBoard>('GET', '/outages', { query: q }),
    one: (id: Uuid) => call<OutageDetail>('GET', `/outages/${id}`),
    keys: () => call<OutageKeys>('GET', '/outages/keys'),
    reports: () => call<OutageReports>('GET', '/outages/reports'),
    fileUrl: (month: string) => url(`/outages/reports/${month}/file`),
    file: (month: string) => bytes(`/outages/reports/${month}/file`),
    signatureUrl: (month: string) => url(`/outages/reports/${month}/signature`),
  },

  calendar: {
    year: (year: number) => call<CalendarYear>('GET', '/calendar', { query: { year } }),
    changes: () => call<CalendarChanges>('GET', '/province/calendar'),
    change: (id: Uuid) => call<CalendarChange>('GET', `/province/calendar/${id}`),
    preview: (body: { days: CalendarOrder['days']; basis?: string; note?: string }) => call<CalendarPreview>('POST', '/province/calendar/preview', { body }),
    publish: (body: CalendarOrder, key: Uuid) => call<CalendarChange>('POST', '/province/calendar', { body, key }),
  },

  clocks: {
    of: (c: CourtId, k: Uuid) => call<CaseClocks>('GET', `${clocks(c, k)}/clocks`),
    whatIf: (c: CourtId, k: Uuid, q: WhatIfQuery) => call<ClockWhatIf>('GET', `${clocks(c, k)}/clocks/what-if`, { query: { ...q } }),
    suspend: (c: CourtId, k: Uuid, body: { ground: SuspensionGround; from: Day; until?: Day; reason: string }, key: Uuid) =>
      call<CaseClocks>('POST', `${clocks(c, k)}/suspensions`, { body, key }),
    endSuspension: (c: CourtId, k: Uuid, fact: Uuid, body: { until: Day; reason: string }) => call<CaseClocks>('PUT', `${clocks(c, k)}/suspensions/${fact}/end`, { body }),
    travel: (c: CourtId, k: Uuid, body: { clock_id: Uuid; days: number; reason: string }, key: Uuid) => call<CaseClocks>('POST', `${clocks(c, k)}/travel`, { body, key }),
    askExcuse: (c: CourtId, k: Uuid, body: { clock_id: Uuid; grounds: string; obstacle_from?: Day; obstacle_ended: Day }, key: Uuid) =>
      call<CaseClocks>('POST', `${clocks(c, k)}/excuses`, { body, key }),
    decideExcuse: (c: CourtId, k: Uuid, excuse: Uuid, body: { grant: boolean; until?: Day; reason: string }) =>
      call<CaseClocks>('PUT', `${clocks(c, k)}/excuses/${excuse}/decision`, { body }),
    moves: (c: CourtId, q: { outage?: Uuid; change?: Uuid; cursor?: string; limit?: number }) => call<ClockMoves>('GET', `/courts/${c}/clock-moves`, { query: q }),
  },
}
