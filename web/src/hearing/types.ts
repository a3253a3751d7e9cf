/**
 * Shapes of the room, the record and signing that `openapi.json` does not hold yet, and the messages of the room's socket,
 * which no document of doors can hold. Once the doors are in the document, the first part gives way to the generated types.
 */
import type { CourtId, Instant, Uuid } from '@/api/types'

// ---- the hearing as its doors give it ----
export type HearingState =
  | 'scheduled' | 'waiting' | 'open' | 'adjourned' | 'suspended' | 'closed_part' | 'mediation'
  | 'ended' | 'signing' | 'locked' | 'closed' | 'cancelled' | 'postponed' | 'moved_offline'
export type Stage = 'opening' | 'statements' | 'evidence' | 'element' | 'issues' | 'debate' | 'final' | 'settlement' | 'judgment'
export type StepWord =
  | 'open_waiting' | 'open' | 'enter' | 'adjourn' | 'suspend' | 'resume' | 'begin_closed_part' | 'begin_mediation' | 'back_to_open'
  | 'end' | 'start_signing' | 'reopen_transcript' | 'close' | 'cancel' | 'postpone' | 'move_offline'
export type Outcome = 'completed' | 'continued' | 'postponed' | 'moved_offline' | 'settled' | 'withdrawn'
export type Place = 'outside' | 'test_room' | 'waiting_room' | 'witness_room' | 'courtroom' | 'gallery' | 'private_room' | 'panel_room'
export type Area = 'bench' | 'clerk_desk' | 'left' | 'right' | 'third' | 'stand' | 'interpreter' | 'gallery' | 'none'

export interface HearingSummary {
  court_id: CourtId
  court_name: string
  id: Uuid
  case_id: Uuid
  number: string
  case_number: string
  cause: string
  kind: string
  kind_name: string
  kind_name_en: string
  starts_at: Instant
  ends_at: Instant
  courtroom?: string
  held: string
  state: HearingState
  state_name: string
  state_name_en: string
  public: boolean
  version: number
}
export interface HearingSeat {
  id: Uuid
  role: string
  plate: string
  plate_en: string
  area: Area
  name: string
  side?: string
  party_id?: Uuid
  mode: string
  mobile_masked?: string
  own: boolean
}
export interface Hearing {
  summary: HearingSummary
  template: string
  day_no: number
  participants: HearingSeat[]
  opened_at?: Instant
  offered: StepWord[]
}
export interface HearingPass {
  token: string
  expires_at: Instant
  socket: string
  address?: string
}
export interface Obstacle {
  code: string
  text: string
  text_en: string
  article: string
  may_be_set_aside: boolean
}
export interface Break {
  kind: string
  fault: boolean
  reason: string
  from: Instant
  until?: Instant
}

// ---- the socket ----
export type TrackKind = 'audio' | 'video' | 'screen'
export type Health = 'good' | 'poor' | 'bad' | 'gone'
export type Layout = 'speaker' | 'equal' | 'evidence' | 'bench'
export type Rung = 'prompt' | 'warning'
export interface Ice {
  urls: string[]
  username?: string
  credential?: string
}
export interface Seat {
  participant: Uuid
  name: string
  role: string
  plate: string
  plate_en: string
  area: Area
  side?: string
  in_court: boolean
  place: Place
  room?: Uuid
  connected: boolean
  hand: boolean
  hand_at?: Instant
  locked: boolean
  sharing: boolean
  called: boolean
  excluded: boolean
  health?: Health
  audio: boolean
  video: boolean
  screen: boolean
  speaking: boolean
}
export interface HelloSaid {
  type: 'hello'
  participant: Uuid
  role: string
  place: Place
  plate: string
  plate_en: string
  court: boolean
  hand: 'judge' | 'clerk' | 'other'
  epoch: number
  at_ms: number
  ice?: Ice | null
  beat_ms?: number
}
export interface StateSaid {
  type: 'state'
  state: HearingState
  state_name: string
  state_name_en: string
  stage?: Stage
  stage_name?: string
  offered: StepWord[]
  obstacles: Obstacle[]
  opened_at?: Instant
  ended_at?: Instant
  sat_ms: number
  public_now: boolean
  breaks: Break[]
  version: number
}
export interface MarkOnPage {
  page: number
  kind: 'line' | 'box' | 'point'
  /** thousandths of the page */
  points: [number, number][]
}
export interface Shown {
  exhibit: Uuid
  page: number
  /** percent */
  zoom: number
  x?: number
  y?: number
  marks: MarkOnPage[]
  by?: Uuid
}
export interface RecordingSaid {
  type: 'recording'
  on: boolean
  ready: boolean
  since?: Instant
  age_ms?: number
  pause?: 'adjourned' | 'closed_evidence' | 'mediation'
  error?: string
}
export interface ToldSaid {
  type: 'told'
  id: Uuid
  rung: Rung
  zh: string
  en: string
}
export interface RefusedSaid {
  type: 'refused'
  n?: number | null
  to: string
  code: string
  zh: string
  en: string
  cure_zh: string
  cure_en: string
  field?: string | null
}
export type ByeWhy = 'replaced' | 'removed' | 'closed' | 'moved' | 'too_fast' | 'signed_out'
export type Said =
  | HelloSaid | StateSaid | RecordingSaid | ToldSaid | RefusedSaid
  | { type: 'presence'; items: Seat[] }
  | { type: 'place'; to: Place; room?: Uuid }
  | { type: 'offer'; version: number; fresh: boolean; sdp: string; tracks: [string, Uuid, TrackKind][] }
  | { type: 'published'; n: number; sdp: string }
  | { type: 'done'; n: number }
  | { type: 'event'; n: number; at: Instant; what: string; participant?: Uuid; data: Record<string, unknown> }
  | { type: 'view'; layout: Layout; spotlight?: Uuid | null }
  | ({ type: 'show'; exhibit: null } | ({ type: 'show' } & Shown))
  | { type: 'invited'; room: Uuid; by: Uuid; name: string }
  | { type: 'alert'; id: Uuid; kind: string; participant?: Uuid }
  | { type: 'transcript'; rev: number }
  | { type: 'exhibit' | 'chat' | 'signing' | 'delay' | 'request' | 'identity' | 'ack' | 'test' }
  | { type: 'bye'; why: ByeWhy; address?: string }

export type Wish =
  | { type: 'publish'; sdp: string; tracks: [string, TrackKind][] }
  | { type: 'receive'; begin: 'continue' | 'restart' | 'anew' }
  | { type: 'answer'; version: number; sdp: string }
  | { type: 'beat'; up_loss: number; down_loss: number; rtt: number; visible: boolean; camera: boolean; microphone: boolean; battery?: number }
  | { type: 'leave' } | { type: 'closing' }
  | { type: 'mute'; what: TrackKind; on: boolean }
  | { type: 'hand'; up: boolean }
  | { type: 'device'; what: TrackKind }
  | { type: 'channel'; language?: string }
  | { type: 'cap'; publisher: Uuid; what: TrackKind; layer: 0 | 1 | 2 }
  | { type: 'told'; id: Uuid; seen: boolean }
  | { type: 'move'; to: Place }
  | { type: 'room'; do: 'open'; invite: Uuid[] } | { type: 'room'; do: 'enter'; room: Uuid } | { type: 'room'; do: 'leave' }
  | ({ type: 'show' } & Shown) | { type: 'show'; exhibit: null }
  | ({ type: 'step' } & StepOrder)
  | { type: 'place'; participant: Uuid; to: Place }
  | { type: 'call'; participant: Uuid }
  | { type: 'lock'; participant?: Uuid; all?: boolean; on: boolean }
  | { type: 'share'; participant: Uuid; on: boolean }
  | { type: 'exclude'; participant: Uuid; on: boolean }
  | { type: 'spotlight'; participant: Uuid | null }
  | { type: 'layout'; layout: Layout }
  | { type: 'warn'; participant: Uuid; rung: Rung }
  | { type: 'roll_call'; on: boolean }
export interface StepOrder {
  step: StepWord
  version?: number
  reason?: string
  stage?: Stage
  outcome?: Outcome
  recorded?: boolean
  set_aside?: string
}

// ---- drop-outs and findings ----
export interface Dropout {
  id: Uuid
  participant_id: Uuid
  name: string
  plate: string
  gone_at: Instant
  back_at?: Instant
  proposed: { cause: string; cause_name: string; cause_name_en: string; sure: number; rests_on: { text: string; text_en: string }[] }
  told: { rung: string; sent_at: Instant; delivered_at?: Instant; seen_at?: Instant }[]
  found?: { cause: string; reasons: string; at: Instant }
}
export interface FindingHint {
  suggested: {
    consequence: string
    consequence_name: string
    consequence_name_en: string
    articles: string[]
    missing: { code: string; text: string; text_en: string }[]
    text: string
    text_en: string
  }
  made: { id: Uuid; participant_id: Uuid; consequence: string; reasons: string; at: Instant }[]
}

// ---- evidence ----
export type Aspect = 'authenticity' | 'legality' | 'relevance'
export type View = 'no_objection' | 'objection' | 'partly' | 'not_stated'
export interface OpinionRow {
  party_id: Uuid
  side: string
  side_name: string
  views: { aspect: Aspect; aspect_name: string; view?: View; view_name?: string; reason: string }[]
}
export interface Exhibit {
  id: Uuid
  number: number
  label: string
  party_id?: Uuid
  side?: string
  side_name: string
  leaf_id: Uuid
  media_type: string
  pages?: number
  sha256?: string
  name: string
  source: string
  purpose: string
  original: string
  original_name: string
  late: boolean
  version: number
  added_at: Instant
  own: boolean
  rows: OpinionRow[]
  complete: boolean
  compare_original: boolean
  lines: string[]
}
export interface ExhibitList {
  items: Exhibit[]
  parties: { party_id: Uuid; side: string; side_name: string; name: string; own: boolean }[]
  may_add: boolean
  may_write: boolean
}

// ---- transcript ----
export type Section =
  | 'attendance' | 'discipline' | 'identity' | 'rights' | 'claims' | 'defence' | 'elements' | 'evidence' | 'testimony'
  | 'questions' | 'issues' | 'debate' | 'final_views' | 'mediation' | 'judgment' | 'other'
export interface MediaTime {
  epoch: number
  from_ms: number
  until_ms: number
}
export interface Entry {
  id: Uuid
  position: number
  section: Section
  speaker?: Uuid
  speaker_name: string
  text: string
  media?: MediaTime
  unchecked: boolean
  version: number
  struck: boolean
  changed_at: Instant
  changed_by_me: boolean
  rev: number
}
export interface Objection {
  id: Uuid
  entry_id: Uuid
  version: number
  from: number
  quote: string
  text: string
  by: { participant_id: Uuid; label: string }
  own: boolean
  at: Instant
  state: 'open' | 'corrected' | 'refused' | 'withdrawn'
  reason?: string
  answered_at?: Instant
  now_at?: number
}
export interface OpenItem {
  what: 'field' | 'section' | 'unchecked' | 'objections'
  name?: string
  section?: Section
  count?: number
  text: string
  text_en: string
}
export interface Speaker {
  participant_id: Uuid
  plate: string
  name: string
  label: string
  attended: boolean
  says?: string
  absent_reason?: string
}
export interface TranscriptHeader {
  court: string
  title: string
  case_number: string
  cause: string
  opened_at?: Instant
  ended_at?: Instant
  place: string
  public: boolean
  closed_reason?: string
  bench: { plate: string; name: string }[]
  parties: { plate: string; name: string; says: string }[]
  absent: { who: string; reason: string }[]
  interruptions: string[]
}
export interface Transcript {
  begun: boolean
  rev: number
  version: number
  template: string
  template_name: string
  phase: 'live' | 'review' | 'signing' | 'locked'
  reads: 'all' | 'own_part'
  writes: boolean
  objects: boolean
  header: TranscriptHeader
  sections: { key: Section; name: string; name_en: string }[]
  speakers: Speaker[]
  entries: Entry[]
  objections: Objection[]
  open: OpenItem[]
  fixed?: { n: number; digest: string; fingerprint: string; fixed_at: Instant }
  refused_lines: string[]
}
export type Change =
  | { do: 'insert'; id: Uuid; after?: Uuid; section: Section; speaker?: Uuid; text: string; media?: MediaTime; unchecked?: boolean }
  | { do: 'edit'; id: Uuid; version: number; text: string; speaker?: Uuid; section?: Section }
  | { do: 'strike' | 'check'; id: Uuid; version: number }
  | { do: 'move'; id: Uuid; after?: Uuid }
export interface TranscriptChanged {
  rev: number
  entries: Entry[]
}

// ---- signing ----
export type Signed = 'transcript' | 'agreement'
export type Standing = 'signed' | 'refused' | 'stale' | 'due' | 'waits'
export interface Signer {
  participant_id: Uuid
  plate: string
  name: string
  standing: Standing
  standing_name: string
  at?: Instant
  way?: string
  refused?: string
  own: boolean
}
export interface Signing {
  what: Signed
  n?: number
  digest?: string
  fingerprint?: string
  state: 'open' | 'signing' | 'complete'
  complete_at?: Instant
  effective_at?: Instant
  paper_id?: Uuid
  signers: Signer[]
  mine?: { participant_id: Uuid; digest: string; part: 'whole' | 'own'; standing: Standing; check_id?: Uuid }
  may_link: boolean
  may_note: boolean
}
export interface SignatureOrder {
  what: Signed
  digest: string
  way: 'handwritten' | 'typed'
  strokes?: number[][]
  typed_name?: string
  read_to_end: boolean
  check_id?: Uuid
}
export interface SigningLink {
  url: string
  qr: string
  expires_at: Instant
}
export interface SignTicket {
  ticket: string
  court_id: CourtId
  court_name: string
  hearing_id: Uuid
  case_number: string
  what: Signed
  name_masked: string
  mobile_masked?: string
  fingerprint: string
  expires_at: Instant
}
export interface SignReading {
  pass: string
  digest: string
  fingerprint: string
  part: 'whole' | 'own'
  header: TranscriptHeader
  entries: { section: Section; section_name: string; speaker_name: string; text: string }[]
  exhibits: string[]
  refused_corrections: string[]
  terms: string[]
  expires_at: Instant
}
export interface Agreement {
  n: number
  terms: string[]
  digest: string
  fingerprint: string
  state: 'signing' | 'effective' | 'failed'
  effective_at?: Instant
  paper_id?: Uuid
  written_at: Instant
}

// ---- 庭审档案 ----
export interface Recording {
  id: Uuid
  kind: 'person' | 'screen' | 'mosaic' | 'manifest' | 'events' | 'gaps' | 'package'
  participant_id?: Uuid
  plate?: string
  size: number
  sha256: string
  millis?: number
  made_at: Instant
  checked: boolean
}
export interface HearingPackage {
  id: Uuid
  root: string
  sealed: boolean
  made_at: Instant
  files: { path: string; kind?: string; size: number; sha256: string }[]
  gaps: unknown[]
}
export interface RecordingRequest {
  id: Uuid
  kind: string
  kind_name: string
  kind_name_en: string
  purpose: string
  name: string
  asked_at: Instant
  state: 'open' | 'granted' | 'refused' | 'ended'
  decided_at?: Instant
  reasons?: string
  until?: Instant
  in_force: boolean
  own: boolean
  may_decide: boolean
}
