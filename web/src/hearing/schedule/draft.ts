import type { Case, CaseParty, Day, Uuid } from '@/api/types'
import type { HearingBar, HearingClosedBy, HearingFacts, HearingMode, HearingRole, NewHearing, NewSeat, SessionKind } from '@/hearing/before/types'

/** 排期 on the clerk's side: what was chosen so far, and how it becomes an order. Pure. */
export const KINDS: SessionKind[] = ['trial', 'pretrial_meeting', 'evidence_exchange', 'inquiry', 'questioning', 'mediation', 'pronouncement', 'arraignment', 'service']
/** Those the law may open to the public, and the one that always is. */
export const MAY_BE_PUBLIC: SessionKind[] = ['trial', 'pronouncement', 'inquiry']
export const MINUTES = [30, 60, 90, 120, 180, 210, 360]
export const CLOSED_BY: HearingClosedBy[] = ['privacy', 'divorce_on_application', 'trade_secret_on_application', 'state_secret', 'accused_under18', 'other_law']
/** Bars that a judge weighs (在线诉讼规则 Art 21); the others are facts. */
export const WEIGHED = ['on_site', 'complex', 'attention', 'other'] as const
export type WeighedBar = (typeof WEIGHED)[number]

export type RoleGroup = 'bench' | 'desk' | 'side' | 'stand' | 'gallery'
const GROUPS: Record<RoleGroup, HearingRole[]> = {
  bench: ['sole_judge', 'presiding_judge', 'panel_judge', 'lay_judge'],
  desk: ['clerk', 'judge_assistant', 'technician'],
  side: ['party', 'legal_representative', 'guardian', 'agent', 'defender'],
  stand: ['witness', 'appraiser', 'inspector', 'expert_assistant', 'interpreter', 'mediator', 'prosecutor'],
  gallery: ['observer', 'press'],
}
export const ROLE_GROUPS = Object.keys(GROUPS) as RoleGroup[]
export const rolesOf = (group: RoleGroup): HearingRole[] => GROUPS[group]
export const groupOf = (role: HearingRole): RoleGroup => ROLE_GROUPS.find((g) => GROUPS[g].includes(role)) ?? 'gallery'

/** What must be known of somebody in this seat. */
export function asksFor(role: HearingRole): { person: boolean; party: boolean; name: boolean } {
  const group = groupOf(role)
  return {
    person: role !== 'lay_judge' && (group === 'bench' || group === 'desk'),
    party: group === 'side' || role === 'expert_assistant',
    name: role === 'lay_judge' || (group === 'side' && role !== 'party') || group === 'stand' || group === 'gallery',
  }
}

export interface SeatDraft {
  /** of the page, not of the server */
  key: string
  role: HearingRole
  party_id: string
  person_id: string
  /** of the case: the court finds the account behind it */
  representative_id: string
  name: string
  mobile: string
  /** '' = as the consent ledger says */
  mode: HearingMode | ''
  mode_reason: string
  elsewhere: boolean
  must_appear: boolean
  minor: boolean
  interprets: string
}
export interface FactsDraft {
  bars: Record<WeighedBar, HearingBar | null>
  objections: Record<string, HearingBar>
  unable: string[]
  security: boolean
  criminal: { prosecution_agrees: boolean; accused_agrees: boolean; defender_agrees: boolean; effect_judged: string }
}
export interface PlanDraft {
  kind: SessionKind
  day: Day | null
  /** HH:MM */
  at: string
  minutes: number
  days: number
  courtroom: string
  online: boolean
  public: boolean
  closed_by: HearingClosedBy
  closed_reason: string
  seats: SeatDraft[]
  facts: FactsDraft
  soon_reason: string
  conflict_reason: string
  follows: string
}

let last = 0
export function seat(role: HearingRole, of: Partial<SeatDraft> = {}): SeatDraft {
  return { key: `s${++last}`, role, party_id: '', person_id: '', representative_id: '', name: '', mobile: '', mode: '', mode_reason: '', elsewhere: false, must_appear: false, minor: false, interprets: '', ...of }
}

/** The account behind a representative, where the case tells it. */
const accountOf = (r: object): string => ('person_id' in r && typeof r.person_id === 'string' ? r.person_id : '')

function seatsOfParty(p: CaseParty): SeatDraft[] {
  const agents = p.representatives.filter((r) => r.active).map((r) => seat('agent', { party_id: p.id, name: r.name, person_id: accountOf(r), representative_id: r.id }))
  // an organisation appears by whoever acts for it; alone it still has its seat
  return p.kind === 'natural' || !agents.length ? [seat('party', { party_id: p.id, name: p.name }), ...agents] : agents
}

/** The bench, the clerk, both sides: as the case has them. */
export function seatsOf(kase: Pick<Case, 'staff' | 'parties' | 'procedure'>, me?: { id: Uuid; clerk: boolean }): SeatDraft[] {
  const named = (role: string) => kase.staff.filter((s) => s.role === role && s.person_id)
  const judges = [...named('presiding_judge'), ...named('judge')].filter((s, i, all) => all.findIndex((x) => x.person_id === s.person_id) === i)
  const sole = kase.procedure !== 'ordinary' || judges.length < 2
  const own = sole ? (named('judge')[0] ?? judges[0]) : undefined
  const bench = sole
    ? [seat('sole_judge', { person_id: own?.person_id ?? '', name: own?.name ?? '' })]
    : judges.map((j, i) => seat(i ? 'panel_judge' : 'presiding_judge', { person_id: j.person_id ?? '', name: j.name }))
  const clerk = named('clerk')[0]
  return [
    ...bench,
    seat('clerk', clerk ? { person_id: clerk.person_id ?? '', name: clerk.name } : { person_id: me?.clerk ? me.id : '' }),
    ...kase.parties.flatMap(seatsOfParty),
  ]
}

export function blank(kase: Pick<Case, 'staff' | 'parties' | 'procedure'>, me?: { id: Uuid; clerk: boolean }): PlanDraft {
  return {
    kind: 'trial', day: null, at: '09:00', minutes: 120, days: 1, courtroom: '', online: true, public: true, closed_by: 'privacy', closed_reason: '',
    seats: seatsOf(kase, me),
    facts: {
      bars: { on_site: null, complex: null, attention: null, other: null }, objections: {}, unable: [], security: false,
      criminal: { prosecution_agrees: false, accused_agrees: false, defender_agrees: true, effect_judged: '' },
    },
    soon_reason: '', conflict_reason: '', follows: '',
  }
}

/** Beijing day and clock → the moment. */
export function instantOf(day: Day, at: string): string {
  return new Date(`${day}T${at}:00+08:00`).toISOString()
}

export interface OpenItem {
  /** key of i18n below hearing_plan.plan.open */
  what: 'day' | 'time' | 'person' | 'party' | 'name' | 'reason' | 'seats' | 'closed'
  seat?: string
}
/** What must be filled before the court can be asked at all; conflicts and bars are the server's to say. */
export function openItems(d: PlanDraft): OpenItem[] {
  const open: OpenItem[] = []
  if (!d.seats.length) open.push({ what: 'seats' })
  for (const s of d.seats) {
    const asks = asksFor(s.role)
    if (asks.person && !s.person_id) open.push({ what: 'person', seat: s.key })
    if (asks.party && !s.party_id) open.push({ what: 'party', seat: s.key })
    if (asks.name && !s.name.trim()) open.push({ what: 'name', seat: s.key })
    if (s.mode && [...s.mode_reason.trim()].length < 10) open.push({ what: 'reason', seat: s.key })
  }
  if (!d.public && MAY_BE_PUBLIC.includes(d.kind) && !d.closed_reason.trim()) open.push({ what: 'closed' })
  if (!d.day) open.push({ what: 'day' })
  if (!/^\d{2}:\d{2}$/.test(d.at)) open.push({ what: 'time' })
  return open
}

const text = (s: string) => s.trim() || undefined
/** Who may be one of the case's representatives. */
export const counsel = (role: HearingRole): boolean => role === 'agent' || role === 'defender'
export function orderSeat(s: SeatDraft): NewSeat {
  const asks = asksFor(s.role)
  return {
    role: s.role, party_id: text(s.party_id), person_id: text(s.person_id), representative_id: counsel(s.role) ? text(s.representative_id) : undefined, name: asks.person || s.role === 'party' ? undefined : text(s.name), mobile: text(s.mobile),
    mode: s.mode || undefined, mode_reason: s.mode ? text(s.mode_reason) : undefined,
    elsewhere: s.elsewhere, must_appear: s.must_appear, minor: s.minor, interprets: s.role === 'interpreter' ? text(s.interprets) : undefined,
  }
}
function orderFacts(f: FactsDraft, criminal: boolean): HearingFacts {
  const bars = Object.fromEntries(WEIGHED.flatMap((b) => (f.bars[b] ? [[b, f.bars[b]]] : [])))
  return {
    ...bars, security: f.security, unable: f.unable,
    objections: Object.entries(f.objections).map(([party_id, bar]) => ({ party_id, bar })),
    criminal: criminal ? { ...f.criminal, effect_judged: text(f.criminal.effect_judged) } : undefined,
  }
}
export const isCriminal = (kase: Pick<Case, 'kind'>): boolean => (kase.kind as string) === 'criminal'

/** The order; `probe` stands in for a day not chosen yet, so that free times can be asked for. */
export function orderOf(d: PlanDraft, kase: Pick<Case, 'kind'>, probe?: Day): NewHearing | null {
  const day = d.day ?? probe
  const open = openItems(d).filter((o) => o.what !== 'day' || !probe)
  if (!day || open.some((o) => o.what !== 'closed')) return null
  const isPublic = MAY_BE_PUBLIC.includes(d.kind) ? d.public : false
  return {
    kind: d.kind, starts_at: instantOf(day, d.at), minutes: d.minutes, days: d.days > 1 ? d.days : undefined, also_at: [], joined_case_ids: [], courtroom_id: text(d.courtroom),
    online: d.online, public: isPublic,
    closed_by: isPublic || !MAY_BE_PUBLIC.includes(d.kind) ? undefined : d.closed_by,
    closed_reason: isPublic ? undefined : MAY_BE_PUBLIC.includes(d.kind) ? text(d.closed_reason) : text(d.closed_reason) ?? '依该类程序的性质不公开进行',
    participants: d.seats.map(orderSeat), facts: orderFacts(d.facts, isCriminal(kase)),
    soon_reason: text(d.soon_reason), conflict_reason: text(d.conflict_reason), follows: text(d.follows),
  }
}
