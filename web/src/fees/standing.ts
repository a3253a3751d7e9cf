import type { CaseFees, FeeBill, FeeOrder, FeeRefund, Instant, NextStep } from '@/api/types'
import { dayOf } from '@/lib/format'

/** Where a bill stands, in one word for people: what the books say and what the clock says together. */
export type Standing = 'open' | 'part' | 'overdue' | 'relief' | 'deferred' | 'paid' | 'waived' | 'unpaid' | 'cancelled'

type Books = Pick<FeeBill, 'state' | 'fee_fen' | 'outstanding_fen' | 'due_at' | 'reliefs'>

export const takesMoney = (b: Pick<FeeBill, 'state' | 'outstanding_fen'>): boolean => (b.state === 'open' || b.state === 'deferred') && b.outstanding_fen > 0
export const reliefAsked = (b: Pick<FeeBill, 'reliefs'>): boolean => b.reliefs.some((r) => r.state === 'asked')

export function standingOf(b: Books, now: number): Standing {
  if (b.state !== 'open' && b.state !== 'deferred') return b.state
  // while relief is being decided the days to pay have no effect
  if (reliefAsked(b)) return 'relief'
  if (b.due_at !== undefined && Date.parse(b.due_at) <= now) return 'overdue'
  if (b.state === 'deferred') return 'deferred'
  return b.outstanding_fen < b.fee_fen ? 'part' : 'open'
}
export const TONE: Record<Standing, 'info' | 'warn' | 'ok' | 'bad' | 'mute'> = {
  open: 'warn', part: 'warn', overdue: 'bad', relief: 'info', deferred: 'info', paid: 'ok', waived: 'ok', unpaid: 'mute', cancelled: 'mute',
}

/** The figure a person looks for: what is still to pay; once that is nothing, what was paid, or what the fee came to. */
export function figureOf(b: Pick<FeeBill, 'fee_fen' | 'outstanding_fen' | 'owed_back_fen'>, standing: Standing): { is: 'to_pay' | 'paid_sum' | 'fee'; fen: number } {
  if (standing === 'paid') return { is: 'paid_sum', fen: b.fee_fen + b.owed_back_fen }
  if (standing === 'waived' || standing === 'unpaid' || standing === 'cancelled') return { is: 'fee', fen: b.fee_fen }
  return { is: 'to_pay', fen: b.outstanding_fen }
}

/** The last day of a term whose end is 24:00, which as an instant is already the next day. */
export const lastDay = (end: Instant): string => dayOf(new Date(Date.parse(end) - 1))

/** The bill to be paid next: the one whose last day comes first. */
export function nextBill(bills: FeeBill[]): FeeBill | undefined {
  const end = (b: FeeBill) => b.due_at ?? '9999'
  return bills.filter((b) => takesMoney(b) && !reliefAsked(b)).sort((a, b) => end(a).localeCompare(end(b)))[0]
}

/** A payer's open bill goes before whatever else the case asks, unless the court wants something sooner. */
export function feeFirst(fees: Pick<CaseFees, 'bills' | 'may'>, step: NextStep | undefined): FeeBill | undefined {
  if (!fees.may.includes('ask_relief')) return undefined
  const bill = nextBill(fees.bills)
  if (!bill) return undefined
  const asked = step?.action !== undefined && step.action !== 'none' && step.action !== 'wait' && step.action !== 'pay'
  const sooner = asked && step.by !== undefined && (step.by.state === 'running' || step.by.state === 'soon' || step.by.state === 'last_day') && bill.due_at !== undefined && step.by.due_at < bill.due_at
  return sooner ? undefined : bill
}

/** Refunds on their way, and ones that wait for a decision; what was refused or is done is history. */
export const underWay = (b: Pick<FeeBill, 'refunds'>): FeeRefund[] => b.refunds.filter((r) => r.state !== 'done' && r.state !== 'refused')

/** The order the page goes on asking about: the newest that can still be paid. */
export const openOrder = (b: Pick<FeeBill, 'orders'>): FeeOrder | undefined => b.orders.find((o) => o.state === 'open' || o.state === 'placing')

/** Paid a moment ago: whoever comes back from the channel reads that it arrived, not that nothing is due. */
export const justPaid = (b: Pick<FeeBill, 'state' | 'orders'>, now: number): boolean =>
  b.state === 'paid' && b.orders.some((o) => o.state === 'paid' && o.paid_at !== undefined && Math.abs(now - Date.parse(o.paid_at)) < 30 * 60_000)

export const ASK_EVERY_MS = 3_000
/** An order lives half an hour; whoever still looks later asks by hand. Counted here: this device's clock may be wrong. */
export const ASK_FOR_MS = 35 * 60_000
/** When to ask again after an answer, or false to stop. */
export function askAgain(order: Pick<FeeOrder, 'state'> | undefined, askingSince: number, now: number): number | false {
  if (order && order.state !== 'open' && order.state !== 'placing') return false
  return now - askingSince < ASK_FOR_MS ? ASK_EVERY_MS : false
}

/** 29:07; never below nothing, and never more than an order lives. */
export function countdown(expires: Instant, now: number): string {
  const left = Math.min(30 * 60, Math.max(0, Math.ceil((Date.parse(expires) - now) / 1000)))
  return `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`
}
export const isOver = (expires: Instant, now: number): boolean => Date.parse(expires) <= now

/** The lines of a bill as rungs: a line that says what two or more parts come to is a sum, and so is the last. */
export function rungsOf(steps: FeeBill['steps']): { text: string; text_en: string; amount?: string; result: boolean }[] {
  const last = steps.reduce((at, s, i) => (s.yuan === undefined ? at : i), -1)
  let parts: number[] = []
  return steps.map((s, i) => {
    const fen = s.yuan === undefined ? null : Math.round(Number(s.yuan) * 100)
    const result = fen !== null && (i === last || (parts.length > 1 && fen === parts.reduce((a, b) => a + b, 0)))
    if (fen !== null) parts = result ? [fen] : [...parts, fen]
    return { text: s.text, text_en: s.text_en, amount: s.yuan, result }
  })
}
