/** What the course of a hearing means for its page: stages, the one step that comes next, seats on the plan. Pure. */
import type { Area, Hearing, HearingState, Layout, Place, RecordingSaid, Seat, Stage, StateSaid, StepWord } from '../types'

const TRIAL: Stage[] = ['opening', 'statements', 'evidence', 'issues', 'debate', 'final', 'settlement', 'judgment']
const OF_KIND: Record<string, Stage[]> = {
  trial: TRIAL,
  pronouncement: ['opening', 'judgment'],
  pretrial_meeting: ['opening', 'statements', 'evidence', 'issues', 'settlement'],
  evidence_exchange: ['opening', 'evidence', 'issues'],
  inquiry: ['opening', 'statements', 'evidence', 'final'],
  questioning: ['opening', 'statements'],
  arraignment: ['opening', 'statements'],
  mediation: ['opening', 'settlement'],
  service: ['opening'],
}
/** The stages of this kind of session, in order. */
export function stagesOf(kind: string, template: string): Stage[] {
  if (kind === 'trial' && template === 'element_style') return ['opening', 'statements', 'element', 'final', 'settlement', 'judgment']
  if (kind === 'trial' && template === 'after_conference') return ['opening', 'evidence', 'debate', 'final', 'settlement', 'judgment']
  return OF_KIND[kind] ?? ['opening']
}
export function nextStage(stages: Stage[], now: Stage | undefined): Stage | null {
  return stages[now ? stages.indexOf(now) + 1 : 0] ?? null
}

/** The one step the page puts forward; every other offered step stands quietly beside it. */
export function forward(state: HearingState, offered: StepWord[], next: Stage | null): StepWord | null {
  const order: Partial<Record<HearingState, StepWord[]>> = {
    scheduled: ['open_waiting'], waiting: ['open'], adjourned: ['resume'], suspended: ['resume'], closed_part: ['back_to_open'], mediation: ['back_to_open'],
    open: next ? ['enter'] : ['end'], signing: [], locked: ['close'],
  }
  return (order[state] ?? []).find((s) => offered.includes(s)) ?? null
}
export const isSitting = (s: HearingState | undefined) => s === 'open' || s === 'adjourned' || s === 'suspended' || s === 'closed_part' || s === 'mediation'
export const isAfter = (s: HearingState | undefined) => s === 'ended' || s === 'signing' || s === 'locked'
export const isOver = (s: HearingState | undefined) => s === 'closed' || s === 'cancelled' || s === 'postponed' || s === 'moved_offline'
/** Time runs in these. */
export const runs = (s: HearingState | undefined) => s === 'open' || s === 'closed_part' || s === 'mediation'

export type Plan = Record<'bench' | 'left' | 'right' | 'stand', Seat[]> & { waiting: Seat[]; gallery: Seat[]; private: Seat[]; hands: Seat[] }
const WHERE: Partial<Record<Area, 'bench' | 'left' | 'right' | 'stand'>> = {
  bench: 'bench', clerk_desk: 'bench', left: 'left', right: 'right', third: 'right', stand: 'stand', interpreter: 'stand', none: 'stand',
}
/**
 * The plan of the court: bench on the axis, who asks on the left, who answers on the right. Whoever presides sits in the middle
 * of the bench. Whoever has not come keeps an empty place; witnesses who wait are named, and seen by nobody here.
 */
export function planOf(seats: Seat[]): Plan {
  const plan: Plan = { bench: [], left: [], right: [], stand: [], waiting: [], gallery: [], private: [], hands: [] }
  for (const s of seats) {
    const where = WHERE[s.area]
    if (s.area === 'gallery' || s.place === 'gallery') plan.gallery.push(s)
    else if (s.place === 'witness_room') plan.waiting.push(s)
    else if (where === 'stand' && s.place !== 'courtroom') continue
    else if (where) plan[where].push(s)
    if (s.place === 'private_room') plan.private.push(s)
    if (s.hand) plan.hands.push(s)
  }
  plan.bench = centred(plan.bench)
  plan.hands.sort((a, b) => (a.hand_at ?? '').localeCompare(b.hand_at ?? ''))
  return plan
}
/**
 * Whoever talks in private is seen by nobody else, the court included: of those the room does not name, the place stays empty
 * with its plate, as of somebody who has not come.
 */
export function withAbsent(seats: Seat[], named: Hearing['participants']): Seat[] {
  const here = new Set(seats.map((s) => s.participant))
  const missing = named.filter((p) => !here.has(p.id) && (p.area === 'left' || p.area === 'right' || p.area === 'third'))
  const empty = { place: 'outside', connected: false, hand: false, locked: false, sharing: false, called: false, excluded: false, audio: false, video: false, screen: false, speaking: false } as const
  return [...seats, ...missing.map((p) => ({ ...empty, participant: p.id, name: p.name, role: p.role, plate: p.plate, plate_en: p.plate_en, area: p.area as Area, side: p.side, in_court: p.mode === 'in_court' }))]
}
const presides = (s: Seat) => s.role === 'presiding_judge' || s.role === 'sole_judge'
/** Judges around whoever presides, clerks at the end. */
export function centred(bench: Seat[]): Seat[] {
  const head = bench.filter(presides)
  const others = bench.filter((s) => !presides(s))
  const half = Math.ceil(others.length / 2)
  return [...others.slice(0, half), ...head, ...others.slice(half)]
}
/** Who is large on a phone: who the judge puts forward, who speaks, whoever presides. Oneself never. */
export function largeOne(seats: Seat[], own: string | undefined, spotlight: string | null | undefined, before: string | undefined, place: Place = 'courtroom'): Seat | undefined {
  const here = seats.filter((s) => s.participant !== own && s.connected && s.place === place && s.area !== 'gallery')
  return (
    here.find((s) => s.participant === spotlight) ??
    here.find((s) => s.speaking && s.participant === before) ?? here.find((s) => s.speaking) ??
    here.find((s) => s.participant === before) ?? here.find(presides) ?? here[0]
  )
}

/** What fills the middle of the court's page, and the phone's stage: the court chose the layout, what lies on the table comes first. */
export type Centre = 'table' | 'speaker' | 'grid' | 'bench'
export function centreOf(layout: Layout, shown: boolean): Centre {
  if (layout === 'equal') return 'grid'
  if (layout === 'bench') return 'bench'
  return layout === 'evidence' || shown ? 'table' : 'speaker'
}
/** Languages of an interpreter's channel: the word both the seat and the listener carry. */
export const LANGUAGES = ['ug', 'bo', 'mn', 'kk', 'ko', 'en', 'ja', 'ru', 'fr', 'es', 'ar', 'csl'] as const

/** Something that wants the court's eye. A drop-out goes by itself once the person is back. */
export interface Notice {
  key: string
  kind: string
  participant?: string
  at: number
  cause?: string
  sure?: number
}
export const MOST_NOTICES = 6
export function withNotice(known: Notice[], n: Notice): Notice[] {
  // the line that says somebody is disconnected says less than the drop-out with its cause
  const gone = (k: Notice) => GONE.includes(k.kind) && k.participant === n.participant
  if (n.kind === 'disconnected' && known.some((k) => k.kind === 'dropout' && gone(k))) return known
  return [...known.filter((k) => k.key !== n.key && !(GONE.includes(n.kind) && gone(k))), n].slice(-MOST_NOTICES)
}
/** Without what mended itself: somebody gone is here again. */
export function stillTrue(known: Notice[], seats: Pick<Seat, 'participant' | 'connected'>[]): Notice[] {
  const here = new Set(seats.filter((s) => s.connected).map((s) => s.participant))
  return known.filter((n) => !(GONE.includes(n.kind) && n.participant && here.has(n.participant)))
}
const GONE = ['dropout', 'disconnected']

export type RecordingLook = 'on' | 'paused' | 'lost' | 'idle'
/** The state of the recording is what the recorder says it receives, never what a button asked for. */
export function recordingLook(r: RecordingSaid | undefined, state: HearingState | undefined, silentMs: number): RecordingLook {
  if (!r) return 'idle'
  if (r.pause || state === 'adjourned' || state === 'suspended') return r.on ? 'on' : 'paused'
  if (!runs(state)) return r.on ? 'on' : 'idle'
  if (r.error || !r.on) return 'lost'
  return (r.age_ms ?? 0) > 6_000 || silentMs > 12_000 ? 'lost' : 'on'
}
/** How long the hearing has sat: what the court said, and the time since while it runs. */
export function satOf(s: Pick<StateSaid, 'sat_ms' | 'state' | 'opened_at'>, saidAt: number, now: number): number {
  const said = s.sat_ms ?? (s.opened_at ? saidAt - Date.parse(s.opened_at) : 0)
  return said + (runs(s.state) ? Math.max(0, now - saidAt) : 0)
}
/** 00:42:18 */
export function clockOf(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1000))
  const two = (n: number) => String(n).padStart(2, '0')
  return `${two(Math.floor(s / 3600))}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`
}
