import { describe, expect, it } from 'vitest'
import type { Me, Outage } from '@/api'
import { landing } from '@/lib/landing'
import { ahead, counting, faultOfEnd, faultsOf, instantOf, keeps, momentOf, orderOf, readClock, type OutageDraft } from '@/outages/entry'

const now = new Date('2026-11-20T06:30:00Z') // 14:30 in Beijing
const draft = (more: Partial<OutageDraft> = {}): OutageDraft => ({
  province: false, kind: 'past', parts: ['payment'], from: { day: '2026-11-20', clock: '9:05' }, to: { day: '2026-11-20', clock: '10:20' }, reason: '银行专线中断', reason_en: '', ...more,
})
const outage = (more: Partial<Outage> = {}): Outage => ({ id: 'x', scope: 'court', court_id: 370102, parts: ['all'], from: '2026-11-20T06:00:00Z', minutes: 1, found_by: 'person', planned: false, reason: '', reason_en: '', entered_at: '', effects: [], ...more })

describe('a time of day', () => {
  it('is read the ways people write it', () => {
    expect(['14:05', '1405', '14：05', '9.5', '905', '１４：０５', '9点5分', ' 0:00 '].map(readClock)).toEqual(['14:05', '14:05', '14:05', '09:05', '09:05', '14:05', '09:05', '00:00'])
    expect(['24:00', '14:60', '14', '', 'noon', '14:05:06'].map(readClock)).toEqual([null, null, null, null, null, null])
  })
  it('is Beijing\'s, wherever one sits', () => {
    expect(instantOf({ day: '2026-11-20', clock: '14:30' })).toEqual(now)
    expect(momentOf(now)).toEqual({ day: '2026-11-20', clock: '14:30' })
    expect([instantOf({ day: null, clock: '14:30' }), instantOf({ day: '2026-11-20', clock: '' })]).toEqual([null, null])
  })
})
describe('an outage that is entered', () => {
  it('is complete, or says field by field what it lacks', () => {
    expect(faultsOf(draft(), now)).toEqual({})
    expect(faultsOf(draft({ parts: [], from: { day: null, clock: '' }, to: { day: null, clock: '' }, reason: ' 停 ' }), now)).toEqual({ parts: 'parts', from: 'from', to: 'to', reason: 'reason' })
    expect(faultsOf(draft({ to: { day: '2026-11-20', clock: '9:05' } }), now)).toEqual({ to: 'order' })
    expect(faultsOf(draft({ to: { day: '2026-11-20', clock: '14:31' } }), now)).toEqual({ to: 'to_ahead' })
    expect(faultsOf(draft({ from: { day: '2026-10-01', clock: '9:00' } }), now)).toEqual({ to: 'long' })
  })
  it('that goes on has no end, and has begun', () => {
    expect(faultsOf(draft({ kind: 'going', to: { day: null, clock: '' } }), now)).toEqual({})
    expect(faultsOf(draft({ kind: 'going', from: { day: '2026-11-20', clock: '15:00' } }), now)).toEqual({ from: 'from_ahead' })
    expect(faultsOf(draft({ kind: 'going', from: { day: '2026-10-01', clock: '15:00' } }), now)).toEqual({ to: 'long' })
    expect(orderOf(draft({ kind: 'going' })).to).toBeUndefined()
  })
  it('that is planned lies ahead', () => {
    const plan = draft({ kind: 'planned', from: { day: '2026-11-21', clock: '22:00' }, to: { day: '2026-11-22', clock: '02:00' } })
    expect(faultsOf(plan, now)).toEqual({})
    expect(orderOf(plan)).toMatchObject({ planned: true, from: '2026-11-21T14:00:00.000Z', to: '2026-11-21T18:00:00.000Z' })
    expect(faultsOf({ ...plan, from: { day: '2026-11-20', clock: '10:00' } }, now)).toEqual({ from: 'from_past' })
  })
  it('of all parts is of everything; the order of choosing does not count', () => {
    expect(orderOf(draft({ parts: ['service_inbox', 'filing', 'payment'] })).parts).toEqual(['all'])
    expect(orderOf(draft({ parts: ['service_inbox', 'filing'], province: true }))).toMatchObject({ scope: 'province', parts: ['filing', 'service_inbox'] })
  })
})
describe('an outage that was entered', () => {
  it('is ended by whoever keeps it, after it began and not after now', () => {
    expect([keeps(outage(), 370102, false), keeps(outage(), 370103, false), keeps(outage({ scope: 'province' }), 370102, false), keeps(outage({ scope: 'province' }), 370000, true)]).toEqual([true, false, false, true])
    expect(['14:30', '14:00', '14:31', ''].map((clock) => faultOfEnd(outage(), { day: '2026-11-20', clock }, now))).toEqual([null, 'order', 'to_ahead', 'to'])
  })
  it('is maintenance to come only while it has not begun', () => {
    expect([ahead(outage({ planned: true, from: '2026-11-21T00:00:00Z' }), now), ahead(outage({ planned: true }), now), ahead(outage({ from: '2026-11-21T00:00:00Z' }), now)]).toEqual([true, false, false])
  })
  it('is asked for again while courts still look', () => {
    const done = { court_id: 1, court_name: '', action: 'hours', text: '', text_en: '', moved: 0, done_at: '' } as const
    const ended = outage({ to: '2026-11-20T06:25:00Z' })
    expect([counting(ended, now), counting({ ...ended, effects: [done] }, now), counting({ ...ended, withdrawn_at: 't' }, now)]).toEqual([true, false, false])
    expect([counting(outage(), now), counting(outage({ to: '2026-11-20T07:00:00Z' }), now)]).toEqual([false, false])
    // long over: whoever had nothing to move told nothing, unless it was entered just now
    const old = outage({ to: '2026-11-20T02:00:00Z', entered_at: '2026-11-20T02:05:00Z' })
    expect([counting(old, now), counting({ ...old, entered_at: '2026-11-20T06:28:00Z' }, now)]).toEqual([false, true])
  })
})
describe('the way to one\'s desk', () => {
  const me = (...roles: [string, number?][]) => ({ roles: roles.map(([role, court_id]) => ({ role, court_id })) }) as unknown as Me
  it('is the room of one\'s office', () => {
    expect([me(['technician', 370102]), me(['security_admin', 370102]), me(['clerk', 370102]), me(['technician', 370102], ['court_admin', 370102]), me(['provincial_admin']), me(['party'])].map((m) => landing(m, undefined)))
      .toEqual(['/desk/370102/hearings/board', '/desk/370102/policies', '/desk/370102/filings', '/desk/370102/rules', '/province', '/cases'])
    expect(landing(me(['party']), '/inbox')).toBe('/inbox')
    expect(landing(me(['party']), '//evil.example')).toBe('/cases')
  })
})
