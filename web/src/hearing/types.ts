/**
 * Shapes of the room, the record and signing. What a door answers comes from `openapi.json`, with plain strings narrowed to the
 * words they can be; the messages of the room's socket are written here, because no document of doors can hold them.
 */
import type { components } from '@/api/schema'
import type { Instant, Uuid } from '@/api/types'

type S = components['schemas']
type Narrow<T, N extends Partial<T> & { [K in Exclude<keyof N, keyof T>]: never }> = Omit<T, keyof N> & N

// ---- the hearing as its doors give it ----
export type HearingState = S['HearingState']
export type Stage = S['HearingStage']
export type StepWord =
  | 'open_waiting' | 'open' | 'enter' | 'adjourn' | 'suspend' | 'resume' | 'begin_closed_part' | 'begin_mediation' | 'back_to_open'
  | 'end' | 'start_signing' | 'reopen_transcript' | 'close' | 'cancel' | 'postpone' | 'move_offline'
export type Outcome = 'completed' | 'continued' | 'postponed' | 'moved_offline' | 'settled' | 'withdrawn'
export type Place = S['HearingPlace']
export type Area = 'bench' | 'clerk_desk' | 'left' | 'right' | 'third' | 'stand' | 'interpreter' | 'gallery' | 'none'

export type HearingSummary = S['HearingSummary']
export type HearingSeat = Narrow<S['HearingSeat'], { area: Area }>
export type Hearing = Narrow<S['Hearing'], { summary: HearingSummary; participants: HearingSeat[]; offered: StepWord[] }>
export type HearingPass = S['HearingPass']
export type Obstacle = S['HearingObstacle']
export type Break = S['HearingBreak']

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
  /** own switches: sound, picture, screen */
  muted?: [boolean, boolean, boolean]
  party?: Uuid
  /** of an interpreter: the language of the second voice */
  interprets?: string | null
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
  /** the language one chose to hear, kept over a new line */
  hears?: string | null
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
  | { type: 'alert'; id?: Uuid; kind: string; participant?: Uuid | null }
  | { type: 'transcript'; rev: number }
  | { type: 'dropout'; id: Uuid; participant: Uuid; cause: string; sure: number }
  | { type: 'exhibit' | 'chat' | 'signing' | 'agreement' | 'package' | 'delay' | 'request' | 'identity' | 'ack' | 'test' }
  | { type: 'bye'; why: ByeWhy; address?: string }

export type Wish =
  | { type: 'publish'; sdp: string; tracks: [string, TrackKind][]; second_voice?: boolean }
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
  | { type: 'room'; do: 'open'; invite: Uuid[] } | { type: 'room'; do: 'enter'; room: Uuid } | { type: 'room'; do: 'leave' } | { type: 'room'; do: 'lock'; on: boolean }
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
export interface DropoutTold {
  id: Uuid
  rung: string
  sent_at: Instant
  delivered_at?: Instant | null
  seen_at?: Instant | null
}
/** `rests_on`: in Chinese and in English. */
export type Dropout = Omit<S['HearingDropout'], 'rests_on' | 'told' | 'beats'> & { rests_on: [string, string][]; told: DropoutTold[] }
export type Absence = S['Absence']
export type Suggestion = S['AbsenceSuggestion']

// ---- evidence ----
export type Aspect = S['ExhibitAspect']
export type View = S['ExhibitView']
export type OpinionRow = Narrow<S['ExhibitRow'], { views: Narrow<S['ExhibitOpinion'], { aspect: Aspect; view?: View }>[] }>
export type Exhibit = Narrow<S['HearingExhibit'], { rows: OpinionRow[] }>
export type ExhibitList = Narrow<S['HearingExhibitList'], { items: Exhibit[] }>

// ---- transcript ----
export type Section =
  | 'attendance' | 'discipline' | 'identity' | 'rights' | 'claims' | 'defence' | 'elements' | 'evidence' | 'testimony'
  | 'questions' | 'issues' | 'debate' | 'final_views' | 'mediation' | 'judgment' | 'other'
export type MediaTime = S['TranscriptMedia']
export type Entry = Narrow<S['TranscriptEntry'], { section: Section }>
export type Objection = Narrow<S['TranscriptObjection'], { state: 'open' | 'corrected' | 'refused' | 'withdrawn' }>
export type OpenItem = Narrow<S['TranscriptOpen'], { what: 'field' | 'section' | 'unchecked' | 'objections'; section?: Section }>
export type Speaker = S['TranscriptSpeaker']
export type TranscriptHeader = S['TranscriptHeader']
export type Attendance = S['TranscriptAttendance']
export type Transcript = Narrow<S['HearingTranscript'], {
  phase: 'live' | 'review' | 'signing' | 'locked'; reads: 'all' | 'own_part'; sections: Narrow<S['TranscriptSection'], { key: Section }>[]
  entries: Entry[]; objections: Objection[]; open: OpenItem[]
}>
/** What the document defaults may stay away. */
export type Change = Omit<S['TranscriptChange'], 'unchecked'> & { unchecked?: boolean }
export type TranscriptChanged = Narrow<S['TranscriptChanged'], { entries: Entry[] }>
export type Revision = Narrow<S['TranscriptRevision'], { pieces: Narrow<S['TranscriptPiece'], { is: 'kept' | 'taken' | 'put' }>[] }>
export type TemplateWord = 'ordinary' | 'summary' | 'element_style' | 'after_conference' | 'conference' | 'mediation' | 'questioning' | 'pronouncement'

// ---- signing ----
export type Signed = S['SigningWhat']
export type Standing = 'signed' | 'refused' | 'stale' | 'due' | 'waits'
export type Signer = Narrow<S['SigningSeat'], { standing: Standing }>
export type Signing = Narrow<S['Signing'], {
  what: Signed; state: 'open' | 'signing' | 'complete'; signers: Signer[]; mine?: Narrow<S['SigningMine'], { part: 'whole' | 'own'; standing: Standing }>
}>
export type SignatureOrder = S['NewSignature']
export type SigningLink = S['SigningLink']
export type SignTicket = Narrow<S['SigningLinkOpened'], { what: Signed }>
export type SignReading = Narrow<S['SigningRead'], { part: 'whole' | 'own' }>
export type Agreement = Narrow<S['HearingAgreement'], { state: 'signing' | 'effective' | 'failed' }>

// ---- 庭审档案 ----
export type Recording = Narrow<S['Recording'], { kind: 'person' | 'screen' | 'mosaic' | 'manifest' | 'events' | 'gaps' | 'package' }>
export type HearingPackage = Omit<S['HearingPackage'], 'gaps'> & { gaps: unknown[] }
export type RecordingRequest = Narrow<S['RecordingRequest'], { state: 'open' | 'granted' | 'refused' | 'ended' }> & { copy_ready?: boolean }
export type RecordingAway = S['RecordingAway']
export type RecordingRetention = S['RecordingRetention']
export type RetentionClass = S['RetentionClass']
