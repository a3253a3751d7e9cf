/**
 * Shapes of the hearing. Those of scheduling come from the document; those of what comes before the room and of the
 * board are written by hand, each named as the server names it, until `openapi.json` holds them too.
 */
import type { components } from '@/api/schema'
import type { CourtId, Instant, Uuid } from '@/api/types'

type S = components['schemas']
type Narrow<T, N extends Partial<T> & { [K in Exclude<keyof N, keyof T>]: never }> = Omit<T, keyof N> & N

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

/* ---- scheduling: from the document, plain strings narrowed to the words they can be ---- */
export type HearingSummary = Narrow<S['HearingSummary'], { kind: SessionKind; held: HearingHeld; state: HearingState }>
export type HearingSeat = Narrow<S['HearingSeat'], { role: HearingRole; mode: HearingMode; test?: Score; place?: HearingPlace }>
export type HearingFinding = Narrow<S['HearingFinding'], { weight: 'refuse' | 'ask_reason' }>
export type Hearing = Narrow<S['Hearing'], { summary: HearingSummary; participants: HearingSeat[]; findings?: HearingFinding[] }>
export type SeatMeasures = S['SeatMeasures']
export type MyHearingNotice = S['MyHearingNotice']
export type HearingSlot = S['HearingSlot']
/** `participant`: by place in the list. */
export type HearingConflict = Narrow<S['HearingConflict'], { what: 'courtroom' | 'court' | 'person'; reason: 'here' | 'elsewhere' | 'unavailable' }>
export type HearingCheck = Narrow<S['HearingCheck'], { held: HearingHeld; seats: HearingSeat[]; findings: HearingFinding[]; conflicts: HearingConflict[] }>
export type WeighedIs = S['WeighedIs']
export type HearingBar = S['HearingBar']
export type HearingFacts = S['HearingFacts']
export type HearingClosedBy = S['HearingClosedBy']
export type NewSeat = Narrow<S['NewSeat'], { role: HearingRole }> & { representative_id?: Uuid }
export type NewHearing = Narrow<S['NewHearing'], { kind: SessionKind; participants: NewSeat[] }>
export type HearingMove = S['HearingMove']
export type HearingStepWord = S['StepWord']
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
export type CallOutcome = S['HearingCall']['outcome']
export type UnreachedSeat = Narrow<S['UnreachedSeat'], { role: HearingRole }>
export type Courtroom = Narrow<S['Courtroom'], { kind: S['CourtroomKind'] }>
export type CourtroomOrder = S['CourtroomOrder']
export type BusyTime = S['BusyTime']
export type LinkedHearing = S['LinkedHearing']
/** The seat a link names, taken by whoever opened it with an account of the number it was sent to. */
export type LinkedSeat = S['LinkedSeat']
export type OnlineStep = S['OnlineStep']
export type OnlineConsent = Narrow<S['OnlineConsent'], { step: OnlineStep }>
export type OnlineConsents = Narrow<S['OnlineConsents'], { items: OnlineConsent[] }>
export type OnlineConsentOrder = S['OnlineConsentOrder']

/* ---- before: 庭前检测 ---- */
export interface HearingMeasured {
  camera?: { allowed: boolean; works: boolean; height: number; fps: number; brightness: number; face?: boolean }
  microphone?: { allowed: boolean; works: boolean; peak: number; noise: number }
  heard?: boolean
  network?: { way: 'udp' | 'tcp' | 'relay' | 'none'; up_kbps: number; down_kbps: number; loss: number; rtt_ms: number }
  browser?: boolean
  rehearsed?: boolean
}
export type TestItem = 'camera' | 'microphone' | 'speaker' | 'network' | 'browser' | 'rehearsal'
export interface TestLine {
  item: TestItem
  name: string
  name_en: string
  score?: Score
  text: string
  text_en: string
}
export interface HearingTestReport {
  score?: Score
  items: TestLine[]
  up_kbps: number
  down_kbps: number
  at: Instant
}
export interface HearingTest {
  participant_id: Uuid
  plate: string
  plate_en: string
  name: string
  own: boolean
  at: Instant
  device: string
  report: HearingTestReport
}
/* ---- before: 法庭纪律 ---- */
export type AckWhat = 'discipline' | 'oath' | 'mediation' | 'recording_replaces_transcript'
export interface HearingReading {
  what: AckWhat
  version: string
  title: string
  title_en: string
  points: { text: string; text_en: string; basis: string }[]
  digest: string
  asked: boolean
  answered?: { agrees: boolean; at: Instant; current: boolean }
}
/* ---- before: 身份核对 ---- */
export type PaperKind = 'id_card' | 'lawyer_licence' | 'business_licence' | 'authority' | 'employment' | 'other'
export interface HearingPaper {
  leaf_id: Uuid
  kind: PaperKind
  kind_name: string
  kind_name_en: string
  title: string
  at: Instant
  by: string
}
export type Standing = 'none' | 'matches' | 'doubt' | 'no_match'
export type CheckHow = 'id_card' | 'licence_and_authority' | 'business_licence' | 'registry' | 'face' | 'in_person'
export interface HearingIdentity {
  participant_id: Uuid
  plate: string
  plate_en: string
  name: string
  side?: string
  own: boolean
  asked: boolean
  standing?: Standing
  papers?: HearingPaper[]
  view?: { says: 'no_objection' | 'objection'; note?: string; at: Instant }
}
export interface IdentityOrder {
  participant_id: Uuid
  says: 'matches' | 'doubt' | 'no_match' | 'no_objection' | 'objection'
  how?: CheckHow
  leaf_ids?: Uuid[]
  note?: string
}
export interface DeskCheck {
  says: 'matches' | 'doubt' | 'no_match'
  how?: CheckHow
  how_name?: string
  how_name_en?: string
  note?: string
  by_name: string
  leaf_ids: Uuid[]
  at: Instant
}
export interface DeskView {
  participant_id: Uuid
  plate: string
  plate_en: string
  name: string
  says: 'no_objection' | 'objection'
  note?: string
  at: Instant
}
export interface DeskSeat {
  participant_id: Uuid
  role: HearingRole
  plate: string
  plate_en: string
  area: string
  name: string
  side?: string
  party_id?: Uuid
  mode: HearingMode
  minor: boolean
  must_appear: boolean
  place: HearingPlace
  place_name: string
  place_name_en: string
  connected: boolean
  since?: Instant
  test?: { at: Instant; device: string; report: HearingTestReport }
  must_acknowledge: boolean
  acknowledged_at?: Instant
  must_identify: boolean
  standing: Standing
  checks: DeskCheck[]
  papers: HearingPaper[]
  views: DeskView[]
  views_missing: Uuid[]
  unread: number
}
export interface HearingObstacle {
  code: string
  text: string
  text_en: string
  article: string
  article_en?: string
  may_be_set_aside: boolean
}
export interface HearingDesk {
  hearing_id: Uuid
  version: number
  state: HearingState
  state_name: string
  state_name_en: string
  starts_at: Instant
  delayed_until?: Instant
  delay_reason?: string
  items: DeskSeat[]
  obstacles: HearingObstacle[]
  requests_open: number
  unread: number
}
/* ---- before: 申请、消息 ---- */
export type RequestKind = 'come_in_person' | 'others_in_person' | 'other_date' | 'watch' | 'leave' | 'special_measures'
export interface HearingRequest {
  id: Uuid
  kind: RequestKind
  kind_name: string
  kind_name_en: string
  text: string
  name: string
  participant_id?: Uuid
  plate?: string
  plate_en?: string
  asked_at: Instant
  state: 'open' | 'granted' | 'refused' | 'withdrawn'
  decided_at?: Instant
  reasons?: string
  own: boolean
  may_decide: boolean
}
export interface HearingMessage {
  id: Uuid
  from_id: Uuid
  from_plate: string
  from_plate_en: string
  from_name: string
  to_id?: Uuid
  to_all: boolean
  own: boolean
  text: string
  at: Instant
}
export interface HearingMessages {
  items: HearingMessage[]
  unread: number
  threads?: { participant_id: Uuid; plate: string; plate_en: string; name: string; unread: number; last_at: Instant }[]
}
/** `waiting_from`: when the waiting room opens, once the court tells it. */
export type DelayedHearing = Hearing & { delay_reason?: string; waiting_from?: Instant }
/* ---- room: what the pages before it use ---- */
export interface HearingPass {
  token: string
  expires_at: Instant
  socket: string
  address?: string
}
export type AlertKind = 'test_failed' | 'disconnected' | 'suspended' | 'media_blocked' | 'recording_lost' | 'storage_low' | 'poor_line' | 'room_left_open'
/** Loss in tenths of a percent; the band is the court's. */
export interface BoardSeat {
  participant_id: Uuid
  role: HearingRole
  plate: string
  plate_en: string
  place: HearingPlace
  connected: boolean
  up_loss?: number
  down_loss?: number
  rtt_ms?: number
  battery?: number
  band?: 'good' | 'fair' | 'poor'
  at?: Instant
}
export type BoardHearing = Narrow<S['BoardHearing'], { state: HearingState }> & { people?: BoardSeat[] }
/** `taken_by`: the name of whoever took it. */
export type BoardAlert = Narrow<S['BoardAlert'], { kind: AlertKind; role?: HearingRole; figures: Record<string, number | string | boolean | null> }>
/** 全省庭审 */
export interface ProvinceCourtHearings {
  court_id: CourtId
  court_name: string
  soon: number
  waiting: number
  sitting: number
  paused: number
  signing: number
  alerts: number
  untaken: number
}
export interface ProvinceHearing {
  court_id: CourtId
  court_name: string
  hearing_id: Uuid
  number: string
  kind_name: string
  kind_name_en: string
  state: HearingState
  state_name: string
  state_name_en: string
  starts_at: Instant
  alerts: number
  untaken: number
  alert_kinds: AlertKind[]
}
export interface ProvinceHearings {
  as_of: Instant
  courts: ProvinceCourtHearings[]
  hearings: ProvinceHearing[]
}
export interface HearingBoard {
  hearings: BoardHearing[]
  alerts: BoardAlert[]
}
export interface RoomSeat {
  participant: Uuid
  name: string
  role: HearingRole
  plate: string
  plate_en: string
  connected: boolean
  place: HearingPlace
  health?: 'good' | 'poor' | 'bad' | 'gone'
}
