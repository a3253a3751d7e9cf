import type { Case, FeeBill, FeeKind, FeeLine, FeeMay, FeeRefund } from '@/api/types'
import { reliefAsked, standingOf, takesMoney } from '@/fees/standing'

/** What of the fees waits for the court's people, and what may be done with a bill. Pure; the server decides again. */
export const VIEWS = ['all', 'overdue', 'refunds', 'reliefs'] as const
export type View = (typeof VIEWS)[number]

export const isOverdue = (l: Pick<FeeLine, 'state' | 'due_at' | 'outstanding_fen'>, now: number): boolean =>
  takesMoney(l) && l.due_at !== undefined && Date.parse(l.due_at) <= now
/** decisions first, then what is overdue, then what still runs; what is settled last */
function rank(l: FeeLine, now: number): number {
  if (l.refunds_asked > 0 || l.reliefs_asked > 0) return 0
  if (isOverdue(l, now)) return 1
  if (l.owed_back_fen > 0) return 2
  return takesMoney(l) ? 3 : 4
}
export function inView(l: FeeLine, view: View, now: number): boolean {
  if (view === 'overdue') return isOverdue(l, now)
  if (view === 'refunds') return l.refunds_asked > 0 || l.owed_back_fen > 0
  return view === 'reliefs' ? l.reliefs_asked > 0 : true
}
export function askingFirst(lines: FeeLine[], view: View, now: number): FeeLine[] {
  const end = (l: FeeLine) => l.due_at ?? '9999'
  return lines.filter((l) => inView(l, view, now)).sort((a, b) => rank(a, now) - rank(b, now) || end(a).localeCompare(end(b)))
}

export type BillAct = 'cancel' | 'refund' | 'withdraw'
export function actsOn(b: FeeBill, may: FeeMay[], now: number): BillAct[] {
  const paid = b.fee_fen - b.outstanding_fen
  return [
    ...(may.includes('withdraw') && standingOf(b, now) === 'overdue' && !reliefAsked(b) ? (['withdraw'] as const) : []),
    ...(may.includes('ask_refund') && paid > 0 && b.state !== 'cancelled' && b.state !== 'unpaid' ? (['refund'] as const) : []),
    ...(may.includes('assess') && takesMoney(b) && paid <= 0 ? (['cancel'] as const) : []),
  ]
}
export type RefundAct = 'decide' | 'prove'
export function actOnRefund(r: FeeRefund, may: FeeMay[]): RefundAct | null {
  if (r.state === 'asked') return may.includes('approve_refund') ? 'decide' : null
  const byHand = (r.state === 'approved' && !r.same_way) || r.state === 'failed'
  return byHand && may.includes('cashier') ? 'prove' : null
}

/** Kinds a bill can be made of: what costs nothing, and what is given back, are no bills. */
export const billable = (kinds: FeeKind[]): FeeKind[] => kinds.filter((k) => k.group !== 'free' && !k.key.includes('refund'))
/** What a case most likely asks of the tariff, to begin with; the clerk sees and changes it. */
export function firstAsk(kase: Pick<Case, 'kind' | 'procedure' | 'amount_fen'>): { kind: string; amount: string; summary: boolean } {
  const amount = kase.amount_fen ? String(kase.amount_fen / 100) : ''
  const kind = kase.kind === 'enforcement' ? 'enforcement' : kase.kind === 'administrative' ? 'admin_other' : amount ? 'property_acceptance' : 'other_nonproperty'
  return { kind, amount, summary: kase.procedure === 'summary' || kase.procedure === 'small_claims' }
}

/** A case number somebody wrote beside a transfer, in whatever brackets: （2026）鲁0102民初2号. */
export function caseNumberIn(remark: string): string | undefined {
  const found = /[（([〔](\d{4})[）)\]〕]\s*([\p{Script=Han}A-Za-z]{0,3}\d{0,6}[\p{Script=Han}]{1,4}\d+)\s*号?/u.exec(remark.normalize('NFKC'))
  return found ? `（${found[1]}）${found[2]}号` : undefined
}
/** What matching this much to that bill does. */
export function matchOutcome(fen: number, outstanding: number): 'exact' | 'short' | 'over' {
  return fen === outstanding ? 'exact' : fen < outstanding ? 'short' : 'over'
}
