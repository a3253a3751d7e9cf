/** Shapes of the hearing before the room and of the board: as the document gives them, the few plain strings narrowed. */
import type { components } from '@/api/schema'
import type { Instant, Uuid } from '@/api/types'

type S = components['schemas']
type Narrow<T, N extends Partial<T> & { [K in Exclude<keyof N, keyof T>]: never }> = Omit<T, keyof N> & N

export type SessionKind = S['SessionKind']
export type HearingState = S['HearingState']
export type HearingHeld = 'online' | 'hybrid' | 'offline'
export type HearingMode = S['HearingMode']
export type HearingRole = S['HearingRole']
export type Score = S['TestScore']
export type HearingPlace = S['HearingPlace']
export type LineBand = S['LineBand']

/* ---- scheduling: from the document, plain strings narrowed to the words they can be ---- */
export type HearingSummary = Narrow<S['HearingSummary'], { held: HearingHeld }>
export type HearingSeat = Narrow<S['HearingSeat'], { test?: Score }>
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
export type HearingMeasured = S['HearingMeasured']
export type TestItem = S['TestedItem']
export type TestLine = S['HearingTestItem']
export type HearingTestReport = S['HearingTestReport']
export type HearingTest = S['HearingTestRow']
/* ---- before: 法庭纪律 ---- */
export type AckWhat = S['HearingText']
export type HearingReading = S['HearingReading']
/* ---- before: 身份核对 ---- */
export type PaperKind = S['IdentityPaperKind']
export type HearingPaper = S['HearingPaper']
export type Standing = 'none' | 'matches' | 'doubt' | 'no_match'
export type CheckHow = S['IdentityHow']
export type HearingIdentity = Narrow<S['HearingIdentity'], { standing?: Standing }>
export type IdentityOrder = S['IdentitySaying']
export type DeskCheck = S['HearingIdentityCheck']
export type DeskView = S['HearingIdentityView']
export type DeskSeat = Narrow<S['HearingDeskSeat'], { standing: Standing }>
export type HearingObstacle = S['OpeningObstacle']
export type HearingDesk = Narrow<S['HearingDesk'], { items: DeskSeat[] }>
/* ---- before: 申请、消息 ---- */
export type RequestKind = S['HearingRequestKind']
export type HearingRequest = Narrow<S['HearingRequest'], { state: 'open' | 'granted' | 'refused' | 'withdrawn' }>
export type HearingMessage = S['HearingMessage']
export type HearingMessages = S['HearingMessages']
/** `waiting_from`: when the waiting room opens, once the court tells it. */
export type DelayedHearing = Hearing & { delay_reason?: string; waiting_from?: Instant }
/* ---- room: what the pages before it use ---- */
export type HearingPass = S['HearingPass']
export type AlertKind = 'test_failed' | 'disconnected' | 'suspended' | 'media_blocked' | 'recording_lost' | 'storage_low' | 'poor_line' | 'room_left_open'
/** Loss in tenths of a percent; the band is the court's. */
export type BoardSeat = S['BoardSeat']
export type BoardHearing = S['BoardHearing']
/** `taken_by`: the name of whoever took it. */
export type BoardAlert = Narrow<S['BoardAlert'], { kind: AlertKind; role?: HearingRole; figures: Record<string, number | string | boolean | null> }>
/** 全省庭审 */
export type ProvinceCourtHearings = S['ProvinceCourtHearings']
export type ProvinceHearing = Narrow<S['ProvinceHearing'], { alert_kinds: AlertKind[] }>
export type ProvinceHearings = Narrow<S['ProvinceHearings'], { hearings: ProvinceHearing[] }>
export type HearingBoard = Narrow<S['Board'], { alerts: BoardAlert[] }>
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
