import { describe, expect, it } from 'vitest'
import type { FeeBill, FeeKind, FeeLine, FeeRefund } from '../src/api/types'
import { actOnRefund, actsOn, askingFirst, billable, caseNumberIn, firstAsk, inView, matchOutcome } from '../src/desk/fees/work'
import { justPaid } from '../src/fees/standing'

const NOW = Date.parse('2026-11-22T10:00:00Z')
const line = (id: string, o: Partial<FeeLine> = {}): FeeLine => ({
  bill_id: id, case_id: id, case_number: id, title: '', purpose: 'acceptance', state: 'open', assessed_fen: 100, outstanding_fen: 100, owed_back_fen: 0,
  due_at: '2026-11-30T16:00:00Z', refunds_asked: 0, reliefs_asked: 0, ...o,
})
const bill = (o: Partial<FeeBill> = {}) => ({ state: 'open', fee_fen: 100, outstanding_fen: 100, due_at: '2026-11-30T16:00:00Z', reliefs: [], orders: [], ...o }) as unknown as FeeBill
const refund = (state: FeeRefund['state'], same_way = true) => ({ state, same_way }) as FeeRefund

describe('the list of bills', () => {
  const lines = [
    line('paid', { state: 'paid', outstanding_fen: 0 }), line('later', { due_at: '2026-12-05T16:00:00Z' }), line('open'), line('overdue', { due_at: '2026-11-20T16:00:00Z' }),
    line('owed', { state: 'paid', outstanding_fen: 0, owed_back_fen: 5 }), line('relief', { reliefs_asked: 1 }), line('refund', { state: 'paid', outstanding_fen: 0, owed_back_fen: 5, refunds_asked: 1 }),
    // settled: its day is over, but nothing of it is asked any more
    line('unpaid', { state: 'unpaid', due_at: '2026-11-01T16:00:00Z' }),
  ]
  it('begins with what waits for a decision, then what is overdue, and ends with what is settled', () => {
    expect(askingFirst(lines, 'all', NOW).map((l) => l.bill_id)).toEqual(['relief', 'refund', 'overdue', 'owed', 'open', 'later', 'unpaid', 'paid'])
  })
  it.each([['overdue', ['overdue']], ['refunds', ['refund', 'owed']], ['reliefs', ['relief']]] as const)('shows %s alone', (view, want) => {
    expect(askingFirst(lines, view, NOW).map((l) => l.bill_id)).toEqual(want)
    expect(lines.filter((l) => inView(l, view, NOW))).toHaveLength(want.length)
  })
})

describe('what may be done', () => {
  it('takes back only what nobody paid, refunds only what was paid', () => {
    expect(actsOn(bill(), ['assess', 'ask_refund'], NOW)).toEqual(['cancel'])
    expect(actsOn(bill({ outstanding_fen: 40 }), ['assess', 'ask_refund'], NOW)).toEqual(['refund'])
    expect(actsOn(bill({ state: 'paid', outstanding_fen: 0 }), ['assess', 'ask_refund'], NOW)).toEqual(['refund'])
    expect(actsOn(bill({ state: 'unpaid' }), ['assess', 'ask_refund'], NOW)).toEqual([])
  })
  it('treats as withdrawn only what is overdue and not being decided', () => {
    const late = { due_at: '2026-11-20T16:00:00Z' }
    expect(actsOn(bill(late), ['withdraw'], NOW)).toEqual(['withdraw'])
    expect(actsOn(bill(), ['withdraw'], NOW)).toEqual([])
    expect(actsOn(bill({ ...late, reliefs: [{ id: 'r', kind: 'defer', grounds: '', state: 'asked', asked_at: '', proofs: [] }] }), ['withdraw'], NOW)).toEqual([])
    expect(actsOn(bill(late), ['assess'], NOW)).toEqual(['cancel'])
  })
  it('proves by hand only refunds that go back by hand', () => {
    expect(actOnRefund(refund('asked'), ['approve_refund'])).toBe('decide')
    expect(actOnRefund(refund('asked'), ['cashier'])).toBeNull()
    expect(actOnRefund(refund('approved', false), ['cashier'])).toBe('prove')
    expect(actOnRefund(refund('approved', true), ['cashier'])).toBeNull()
    expect(actOnRefund(refund('failed', true), ['cashier'])).toBe('prove')
    expect(actOnRefund(refund('done', false), ['cashier'])).toBeNull()
  })
  it('says it was paid to whoever comes back a moment later', () => {
    const paid = (paid_at: string) => bill({ state: 'paid', orders: [{ id: 'o', bill_id: 'b', form: 'h5', total_fen: 1, state: 'paid', expires_at: '', paid_at }] })
    expect(justPaid(paid('2026-11-22T09:58:00Z'), NOW)).toBe(true)
    expect(justPaid(paid('2026-11-21T09:58:00Z'), NOW)).toBe(false)
    expect(justPaid(bill(), NOW)).toBe(false)
  })
})

describe('assessing', () => {
  it('offers no kind that costs nothing or gives back', () => {
    const kind = (key: string, group: FeeKind['group']) => ({ key, group }) as FeeKind
    expect(billable([kind('divorce', 'suit'), kind('special_procedure', 'free'), kind('claim_decrease_refund', 'change'), kind('claim_increase_topup', 'change')]).map((k) => k.key)).toEqual(['divorce', 'claim_increase_topup'])
  })
  it('begins with what the case says', () => {
    expect(firstAsk({ kind: 'civil', procedure: 'summary', amount_fen: 6_000_050 })).toEqual({ kind: 'property_acceptance', amount: '60000.5', summary: true })
    expect(firstAsk({ kind: 'civil', procedure: 'ordinary' })).toEqual({ kind: 'other_nonproperty', amount: '', summary: false })
    expect(firstAsk({ kind: 'administrative', procedure: 'ordinary' }).kind).toBe('admin_other')
  })
})

describe('matching a transfer', () => {
  it.each([
    ['(2026)鲁0102民初2号 赵文博', '（2026）鲁0102民初2号'],
    ['诉讼费（2026）鲁0102民初12', '（2026）鲁0102民初12号'],
    ['〔2026〕鲁0102民初7号', '（2026）鲁0102民初7号'],
    ['赵文博诉讼费', undefined],
    ['20260102', undefined],
  ])('finds the number in %s', (remark, want) => expect(caseNumberIn(remark)).toBe(want))
  it('says what the amount does', () => expect([matchOutcome(100, 100), matchOutcome(99, 100), matchOutcome(100, 0)]).toEqual(['exact', 'short', 'over']))
})
