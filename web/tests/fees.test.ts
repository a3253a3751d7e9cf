import { describe, expect, it } from 'vitest'
import type { FeeBill, FeeOrder, NextStep } from '../src/api/types'
import { ASK_EVERY_MS, ASK_FOR_MS, askAgain, countdown, feeFirst, figureOf, isOver, lastDay, nextBill, openOrder, rungsOf, standingOf, takesMoney, underWay } from '../src/fees/standing'

const NOW = Date.parse('2026-11-22T10:00:00Z')
const bill = (o: Partial<FeeBill> = {}): FeeBill => ({
  id: 'b', purpose: 'acceptance', item: '', item_en: '', fee_kind: '', fee_kind_name: '', fee_kind_name_en: '', amount: '', params: '', payer: '', party_id: 'p',
  assessed_fen: 65_000, fee_fen: 65_000, outstanding_fen: 65_000, owed_back_fen: 0, steps: [], basis: '', state: 'open', noticed_at: '', due_at: '2026-11-30T16:00:00Z',
  orders: [], refunds: [], reliefs: [], version: 1, ...o,
})
const relief = (state: 'asked' | 'refused') => [{ id: 'r', kind: 'defer' as const, grounds: '', state, asked_at: '', proofs: [] }]
const order = (state: FeeOrder['state']): FeeOrder => ({ id: state, bill_id: 'b', form: 'native', total_fen: 1, state, expires_at: '' })
const step = (o: Partial<NextStep> = {}): NextStep => ({ title: '', title_en: '', text: '', text_en: '', ...o }) as NextStep
const clock = (due_at: string) => ({ due_at, state: 'running' }) as NonNullable<NextStep['by']>

describe('where a bill stands', () => {
  it.each([
    ['open', bill()],
    ['part', bill({ outstanding_fen: 30_000 })],
    ['overdue', bill({ due_at: '2026-11-22T10:00:00Z' })],
    ['relief', bill({ due_at: '2026-11-20T16:00:00Z', reliefs: relief('asked') })],
    ['overdue', bill({ due_at: '2026-11-20T16:00:00Z', reliefs: relief('refused') })],
    ['deferred', bill({ state: 'deferred' })],
    ['overdue', bill({ state: 'deferred', due_at: '2026-11-20T16:00:00Z' })],
    ['paid', bill({ state: 'paid', due_at: '2026-11-20T16:00:00Z' })],
    ['waived', bill({ state: 'waived' })],
  ])('is %s', (want, b) => expect(standingOf(b, NOW)).toBe(want))
  it('a term that ends at 24:00 ends on the day before the instant', () => expect(lastDay('2026-11-30T16:00:00Z')).toBe('2026-11-30'))
  it('only open and deferred bills with something left take money', () => {
    expect([bill(), bill({ state: 'deferred' }), bill({ state: 'paid' }), bill({ outstanding_fen: 0 })].map(takesMoney)).toEqual([true, true, false, false])
  })
})

describe('the figure of a bill', () => {
  it('is what is still to pay, what was paid with what is owed back, or the fee', () => {
    expect(figureOf(bill({ outstanding_fen: 30_000 }), 'part')).toEqual({ is: 'to_pay', fen: 30_000 })
    expect(figureOf(bill({ fee_fen: 32_500, outstanding_fen: 0, owed_back_fen: 32_500 }), 'paid')).toEqual({ is: 'paid_sum', fen: 65_000 })
    expect(figureOf(bill({ fee_fen: 0, outstanding_fen: 0 }), 'waived')).toEqual({ is: 'fee', fen: 0 })
  })
})

describe('what comes next', () => {
  it('is the bill whose last day comes first, none while relief is decided', () => {
    const [late, soon] = [bill({ id: 'late' }), bill({ id: 'soon', due_at: '2026-11-25T16:00:00Z' })]
    expect(nextBill([late, soon])?.id).toBe('soon')
    expect(nextBill([bill({ reliefs: relief('asked') }), bill({ state: 'paid' })])).toBeUndefined()
  })
  it('is the fee for its payer, unless the court wants something sooner', () => {
    const fees = { bills: [bill()], may: ['pay', 'ask_relief'] as const }
    const of = (s?: NextStep) => feeFirst({ ...fees, may: [...fees.may] }, s)?.id
    expect(of(undefined)).toBe('b')
    expect(of(step())).toBe('b')
    expect(of(step({ action: 'evidence', by: clock('2026-12-09T16:00:00Z') }))).toBe('b')
    expect(of(step({ action: 'evidence', by: clock('2026-11-24T16:00:00Z') }))).toBeUndefined()
    expect(of(step({ action: 'pay', by: clock('2026-11-24T16:00:00Z') }))).toBe('b')
  })
  it('is never the fee for the other side, who may pay it too', () => expect(feeFirst({ bills: [bill()], may: ['pay'] }, undefined)).toBeUndefined())
  it('knows refunds that are on their way', () => {
    const refunds = (['asked', 'approved', 'sent', 'failed', 'done', 'refused'] as const).map((state) => ({ id: state, amount_fen: 1, ground: '', reason: '', state, asked_at: '', by_house: false, same_way: true }))
    expect(underWay({ refunds }).map((r) => r.state)).toEqual(['asked', 'approved', 'sent', 'failed'])
  })
})

describe('asking after an order', () => {
  it('goes on every few seconds while it can be paid, also when an answer was lost', () => {
    expect(askAgain(order('open'), NOW, NOW + 1)).toBe(ASK_EVERY_MS)
    expect(askAgain(order('placing'), NOW, NOW + 1)).toBe(ASK_EVERY_MS)
    expect(askAgain(undefined, NOW, NOW + 1)).toBe(ASK_EVERY_MS)
  })
  it('stops when it is paid, when it is closed, and when nobody can still be paying', () => {
    expect(askAgain(order('paid'), NOW, NOW + 1)).toBe(false)
    expect(askAgain(order('closed'), NOW, NOW + 1)).toBe(false)
    expect(askAgain(order('open'), NOW, NOW + ASK_FOR_MS)).toBe(false)
  })
  it('takes up the newest order that can still be paid', () => {
    expect(openOrder({ orders: [order('closed'), order('open'), order('paid')] })?.id).toBe('open')
    expect(openOrder({ orders: [order('paid')] })).toBeUndefined()
  })
  it('counts down in minutes and seconds, and never below nothing', () => {
    expect(countdown('2026-11-22T10:29:59.2Z', NOW)).toBe('30:00')
    expect(countdown('2026-11-22T10:01:05Z', NOW)).toBe('1:05')
    expect(countdown('2026-11-22T09:00:00Z', NOW)).toBe('0:00')
    expect(countdown('2026-11-22T23:00:00Z', NOW)).toBe('30:00')
    expect([isOver('2026-11-22T10:00:01Z', NOW), isOver('2026-11-22T10:00:00Z', NOW)]).toEqual([false, true])
  })
})

describe('the reckoning of a bill', () => {
  const sums = (...yuan: (string | undefined)[]) => rungsOf(yuan.map((y) => ({ text: '', text_en: '', yuan: y }))).map((r) => r.result)
  it('marks what says a sum, not what happens to be as much', () => {
    expect(sums('50.00', '1250.00', '1300.00', '650.00')).toEqual([false, false, true, true])
    expect(sums('50.00', '50.00', '100.00')).toEqual([false, false, true])
    expect(sums('50.00', '25.00', undefined)).toEqual([false, true, false])
    expect(sums(undefined)).toEqual([false])
  })
})
