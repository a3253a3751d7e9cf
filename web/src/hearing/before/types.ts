/**
 * Shapes of the hearing that `openapi.json` does not hold yet, written by hand from the server's sources.
 * Each is named as the document names it, so that it can be exchanged for the made one line by line.
 */
import type { CourtId, Day, Instant, Uuid } from '@/api/types'

export type SessionKind = 'trial' | 'pretrial_meeting' | 'evidence_exchange' | 'inquiry' | 'questioning' | 'mediation' | 'pronouncement' | 'arraignment' | 'service'
export type HearingState =
  | 'scheduled' | 'waiting' | 'open' | 'adjourned' | 'suspended' | 'closed_part' | 'mediation'
  | 'ended' | 'signing' | 'locked' | 'closed' | 'cancelled' | 'postponed' | 'moved_offline'
export type HearingHeld = 'online' | 'hybrid' | 'offline'
export type HearingMode = 'online' | 'in_court'
export type HearingRole =
  | 'presiding_judge' | 'sole_judge' | 'panel_judge' | 'lay_judge' | 'judge_assistant' | 'clerk'
  | 'party' | 'legal_representative' | 'guardian' | 'agent' | 'defender' | 'prosecutor'
  | 'witness' | 'appraiser' | 'inspector' | 'expert_assistant' | 'interpreter' | 'mediator' | 'observer' | 'press' | 'technician'
export type Score = 'good' | 'fair' | 'poor'
export type HearingPlace = 'outside' | 'test_room' | 'waiting_room' | 'witness_room' | 'courtroom' | 'gallery' | 'private_room' | 'panel_room'

/* ---- scheduling ---- */
export interface HearingSummary {
  court_id: CourtId
  court_name: string
  id: Uuid
  case_id: Uuid
  number: string
  case_number: string
  cause: string
  kind: SessionKind
  kind_name: string
  kind_name_en: string
  starts_at: Instant
  ends_at: Instant
  courtroom?: string
  held: HearingHeld
  state: HearingState
  state_name: string
  state_name_en: string
  public: boolean
  needs_courtroom: boolean
  version: number
}
export interface HearingSeat {
  id: Uuid
  role: HearingRole
  plate: string
  plate_en: string
  area: string
  name: string
  side?: string
  party_id?: Uuid
  mode: HearingMode
  mode_why: string
  mode_why_en: string
  mode_article?: string
  must_appear: boolean
  mobile_masked?: string
  reached?: boolean
  test?: Score
  place?: HearingPlace
  own: boolean
}
export interface HearingFinding {
  code: string
  bar?: number
  weight: 'refuse' | 'ask_reason'
  text: string
  text_en: string
  article: string
}
export interface Hearing {
  summary: HearingSummary
  template: string
  closed_reason?: string
  place?: string
  day_no: number
  group_id?: Uuid
  follows?: Uuid
  delayed_until?: Instant
  participants: HearingSeat[]
  opened_at?: Instant
  offered: string[]
  findings?: HearingFinding[]
}
export interface HearingSlot {
  from: Instant
  until: Instant
}
export interface HearingConflict extends HearingSlot {
  what: 'courtroom' | 'court' | 'person'
  /** by place in the list of participants */
  participant?: number
  reason: 'here' | 'elsewhere' | 'unavailable'
  hearing_id?: Uuid
  blocks: boolean
  only_gap: boolean
}
export interface HearingFault {
  code: string
  text: string
  text_en: string
  cure: string
  cure_en: string
  field?: string
}
export interface HearingCheck {
  fault?: HearingFault
  template: string
  held: HearingHeld
  seats: HearingSeat[]
  findings: HearingFinding[]
  earliest_on: Day
  tell_by?: Day
  lead_binds: boolean
  lead_text: string
  lead_text_en: string
  lead_article: string
  days: HearingSlot[]
  conflicts: HearingConflict[]
  free: HearingSlot[]
}
export type WeighedIs = 'raised' | 'found' | 'dismissed'
export interface HearingBar {
  is: WeighedIs
  text: string
}
export interface HearingFacts {
  objections: { party_id: Uuid; bar: HearingBar }[]
  unable: Uuid[]
  on_site?: HearingBar
  complex?: HearingBar
  security: boolean
  attention?: HearingBar
  other?: HearingBar
  criminal?: { prosecution_agrees: boolean; accused_agrees: boolean; defender_agrees: boolean; effect_judged?: string }
}
export type HearingClosedBy = 'state_secret' | 'privacy' | 'divorce_on_application' | 'trade_secret_on_application' | 'accused_under18' | 'other_law'
export interface NewSeat {
  role: HearingRole
  party_id?: Uuid
  person_id?: Uuid
  name?: string
  mobile?: string
  mode?: HearingMode
  mode_reason?: string
  elsewhere: boolean
  must_appear: boolean
  minor: boolean
  interprets?: string
}
export interface NewHearing {
  kind: SessionKind
  template?: string
  starts_at: Instant
  minutes: number
  days?: number
  courtroom_id?: Uuid
  online: boolean
  public: boolean
  closed_by?: HearingClosedBy
  closed_reason?: string
  participants: NewSeat[]
  facts: HearingFacts
  soon_reason?: string
  conflict_reason?: string
  follows?: Uuid
}
export interface HearingMove {
  version: number
  starts_at: Instant
  minutes: number
  courtroom_id?: Uuid
  reason: string
  soon_reason?: string
  conflict_reason?: string
}
export type HearingStepWord = 'open_waiting' | 'cancel' | 'postpone' | 'move_offline'
export interface HearingQuery {
  from?: Instant
  until?: Instant
  state?: string
  courtroom?: Uuid
  person?: Uuid
  case?: Uuid
  cursor?: Uuid
  limit?: number
}
export type CallOutcome = 'reached' | 'no_answer' | 'engaged' | 'wrong_number' | 'refused'
export interface UnreachedSeat {
  hearing_id: Uuid
  participant_id: Uuid
  case_number: string
  starts_at: Instant
  role: HearingRole
  name: string
  mobile_masked?: string
  tried: number
  last_state?: string
}
export interface Courtroom {
  id: Uuid
  name: string
  kind: 'physical' | 'virtual'
  place: string
  gallery: number
  emblem: boolean
  active: boolean
  version: number
}
export interface CourtroomOrder {
  name: string
  kind: 'physical' | 'virtual'
  place: string
  gallery: number
  emblem: boolean
  active: boolean
  version?: number
}
export interface BusyTime extends HearingSlot {
  id: Uuid
}
export interface LinkedHearing {
  court_id: CourtId
  court_name: string
  hearing_id: Uuid
  kind_name: string
  starts_at: Instant
}
export type OnlineStep = 'mediation' | 'evidence_exchange' | 'inquiry' | 'hearing'
export interface OnlineConsent {
  id: Uuid
  party_id: Uuid
  step: OnlineStep
  stage: string
  agrees: boolean
  told: boolean
  at: Instant
}
export interface OnlineConsents {
  items: OnlineConsent[]
  told: string
  told_en: string
  told_version: string
}
export interface OnlineConsentOrder {
  party_id: Uuid
  step: OnlineStep
  agrees: boolean
  invited: boolean
  told_version: string
  proof?: 'phone_record' | 'signed_form' | 'in_court'
  proof_leaf?: Uuid
}
