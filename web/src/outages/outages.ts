import type { Outage, OutageBoard, OutageKey, OutageReport, PartMinutes, PartStanding } from '@/api'
import { dayOf } from '@/lib/format'
import { sha256Of } from '@/lib/hash'

/** What the public page of outages reckons: months, sums, and the check of a signed report. No text. */

/** This month and the eleven before it, newest first. */
export function lastMonths(now: Date, n = 12): string[] {
  const [y = 0, m = 0] = dayOf(now).split('-').map(Number)
  return Array.from({ length: n }, (_, i) => {
    const at = new Date(Date.UTC(y, m - 1 - i, 1))
    return `${at.getUTCFullYear()}-${String(at.getUTCMonth() + 1).padStart(2, '0')}`
  })
}

export interface MonthTile {
  month: string
  /** before: nobody kept a record yet · unknown: not told yet; one looks */
  state: 'before' | 'none' | 'some' | 'unknown'
  count?: number
  minutes?: number
}
/** The longest any part was away: parts that fall together are one time, not the sum of them. */
export const longest = (parts: readonly PartMinutes[]): number => Math.max(0, ...parts.map((p) => p.minutes))
/** A month as its own board tells it. */
export type MonthTold = Pick<OutageBoard, 'items' | 'minutes'>
const firstOf = (board: Pick<OutageBoard, 'since'>): string | undefined => (board.since ? dayOf(board.since).slice(0, 7) : undefined)
/** Months to ask for by themselves: a board tells one. */
export function monthsToAsk(board: Pick<OutageBoard, 'month' | 'since'> | undefined, months: readonly string[]): string[] {
  const first = board && firstOf(board)
  return first ? months.filter((m) => m !== board.month && m >= first) : []
}
function tileOf(month: string, told: MonthTold): MonthTile {
  const count = told.items.filter((o) => !o.withdrawn_at).length
  const minutes = longest(told.minutes)
  return count ? { month, state: 'some', count, ...(minutes ? { minutes } : {}) } : { month, state: 'none' }
}
export function tiles(board: Pick<OutageBoard, 'month' | 'since'> & MonthTold, months: readonly string[], told: ReadonlyMap<string, MonthTold> = new Map()): MonthTile[] {
  const first = firstOf(board)
  return months.map((month) => {
    const own = tileOf(month, (month === board.month ? board : told.get(month)) ?? { items: [], minutes: [] })
    if (own.count) return own
    if (!first || month < first) return { month, state: 'before' }
    return month === board.month || told.has(month) ? own : { month, state: 'unknown' }
  })
}

export const downParts = (standing: readonly PartStanding[]): string[] => standing.filter((p) => !p.up).map((p) => p.part)
export const going = (o: Pick<Outage, 'to' | 'withdrawn_at'>): boolean => !o.to && !o.withdrawn_at
export const movedBy = (o: Pick<Outage, 'effects'>): number => o.effects.reduce((n, e) => n + e.moved, 0)
/** Where something moved, or where nobody said what to do; the rest is many courts of nothing. */
export const tellingEffects = (o: Pick<Outage, 'effects'>): Outage['effects'] =>
  [...o.effects].sort((a, b) => b.moved - a.moved || Number(b.action === 'unset') - Number(a.action === 'unset'))
/** Hours and minutes of a span. */
export const span = (minutes: number): { h: number; m: number } => ({ h: Math.floor(minutes / 60), m: Math.round(minutes % 60) })

/** The report before this one in the chain. */
export const before = (report: OutageReport, all: readonly OutageReport[]): OutageReport | undefined => all.find((r) => r.n === report.n - 1)

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))
/** yes: it holds · no: it does not · cannot: this browser, or what was given, does not let us say */
export type Held = 'yes' | 'no' | 'cannot'
export interface ReportCheck {
  digest: Held
  chain: Held
  signature: Held
}
async function signed(file: ArrayBuffer, report: Pick<OutageReport, 'signature'>, key: OutageKey | undefined): Promise<Held> {
  if (!key || !globalThis.crypto?.subtle) return 'cannot'
  try {
    const told = await crypto.subtle.importKey('raw', bytesOf(key.public_key), { name: 'Ed25519' }, false, ['verify'])
    return (await crypto.subtle.verify({ name: 'Ed25519' }, told, bytesOf(report.signature), file)) ? 'yes' : 'no'
  } catch {
    return 'cannot' // older browsers do not know Ed25519
  }
}
function previousIn(file: ArrayBuffer): string | undefined {
  const read: unknown = JSON.parse(new TextDecoder().decode(file))
  const told = read && typeof read === 'object' ? Reflect.get(read, 'previous_sha256') : undefined
  return typeof told === 'string' ? told : undefined
}
function chained(file: ArrayBuffer, report: OutageReport, all: readonly OutageReport[]): Held {
  try {
    const told = previousIn(file)
    const last = before(report, all)
    if (!last) return told ? 'cannot' : 'yes'
    return told === last.sha256 ? 'yes' : 'no'
  } catch {
    return 'no'
  }
}
/** Checks the very bytes: their digest, the signature over them, and the link to the month before. */
export async function checkReport(file: ArrayBuffer, report: OutageReport, all: readonly OutageReport[], keys: readonly OutageKey[]): Promise<ReportCheck> {
  const got = await sha256Of(new Blob([file]))
  return {
    digest: got === null ? 'cannot' : got === report.sha256.toLowerCase() ? 'yes' : 'no',
    chain: chained(file, report, all),
    signature: await signed(file, report, keys.find((k) => k.key_id === report.key_id)),
  }
}

export interface ReportSums {
  outages: number
  minutes: PartMinutes[]
}
/** What the file of a month sums up; nothing where it cannot be read. */
export function sumsOf(file: ArrayBuffer): ReportSums | undefined {
  try {
    const { minutes, outages } = JSON.parse(new TextDecoder().decode(file)) as { minutes?: Record<string, number>; outages?: { withdrawn_at?: string | null }[] }
    if (!minutes || !outages) return undefined
    return { outages: outages.filter((o) => !o.withdrawn_at).length, minutes: Object.entries(minutes).map(([part, n]) => ({ part, minutes: n })) }
  } catch {
    return undefined
  }
}

/** What one types to check it without us. */
export function openssl(origin: string, report: OutageReport | undefined): string {
  const month = report?.month ?? '2026-10'
  const at = `${origin}/api/outages`
  return [
    `curl -s -o report.json ${at}/reports/${month}/file`,
    `curl -s -o report.sig ${at}/reports/${month}/signature`,
    `sha256sum report.json${report ? `   # ${report.sha256}` : ''}`,
    'openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in report.json -sigfile report.sig',
  ].join('\n')
}
