import { describe, expect, it, vi } from 'vitest'
import type { Clock, FilingSummary, Rule } from '@/api/types'
import { fromCheck, openChecks, passedSteps, shortWords, toBody, unfinished, newItem } from '@/desk/corrections'
import { HoldQueue } from '@/desk/hold'
import { DEFAULT_KEYS, actionOf, giveKey, isTyping, loadKeys, showKey, storeKeys } from '@/desk/keymap'
import { findWords } from '@/desk/pdf'
import { changesOf, pressed } from '@/desk/policies'
import { groupOf, grouped, neighbour, nextAfter } from '@/desk/queue'
import { dutiesOf, isResidentId } from '@/desk/roles'
import { blankLike, chainOf, diff, faults, kindOf } from '@/desk/rules'
import { byDistrict, mustAct, scaleFor, toCsv } from '@/province/plot'

const press = (key: string, more = {}) => ({ key, ctrlKey: false, altKey: false, metaKey: false, ...more })
const clock = (total: number, used: number, due: string, state: Clock['state'] = 'running'): Clock =>
  ({ key: 'k', name: '审查', name_en: 'Review', starts_on: '2026-11-22', due_on: due, due_at: `${due}T16:00:00Z`, total_days: total, used_days: used, state, article: '', rule_key: '', steps: [], days_not_counted: 0, travel_days: 0, moved: [] })
const filing = (id: string, c: Clock | null, more: Partial<FilingSummary> = {}): FilingSummary =>
  ({ court_id: 370102, court_name: '', id, number: id, title: id, kind: 'civil', cause_name: '', state: 'submitted', received_at: '2026-11-20T01:00:00Z', clock: c ?? undefined, corrected: false, transferred_in: false, open_items: 0, ...more })

describe('keys of the review', () => {
  it('know actions, papers and what is not theirs', () => {
    expect(actionOf(press('J'), DEFAULT_KEYS)).toBe('next')
    expect(actionOf(press('3'), DEFAULT_KEYS)).toBe(3)
    expect(actionOf(press('？'), DEFAULT_KEYS)).toBe('help')
    expect(actionOf(press('、'), DEFAULT_KEYS)).toBe('search')
    expect(actionOf(press('b', { ctrlKey: true }), DEFAULT_KEYS)).toBeNull()
    expect(actionOf(press('b', { isComposing: true }), DEFAULT_KEYS)).toBeNull()
    expect(actionOf(press('q'), DEFAULT_KEYS)).toBeNull()
    expect(showKey('ArrowLeft')).toBe('←')
  })
  it('are off while typing', () => {
    document.body.innerHTML = '<textarea></textarea><input type="search"><input type="checkbox"><button></button><select></select>'
    expect([...document.body.children].map(isTyping)).toEqual([true, true, false, false, true])
  })
  it('can be given away, but not twice and not the reserved ones', () => {
    const got = giveKey(DEFAULT_KEYS, 'give_back', 'G')
    expect('keys' in got && got.keys.give_back).toBe('g')
    expect(giveKey(DEFAULT_KEYS, 'give_back', 'l')).toEqual({ refused: 'accept' })
    expect(giveKey(DEFAULT_KEYS, 'give_back', '2')).toEqual({ refused: 'fixed' })
    expect(giveKey(DEFAULT_KEYS, 'give_back', 'Tab')).toEqual({ refused: 'reserved' })
  })
  it('are kept per person and survive rubbish', () => {
    const box = new Map<string, string>()
    const storage = { getItem: (k: string) => box.get(k) ?? null, setItem: (k: string, v: string) => void box.set(k, v) }
    storeKeys('a', { ...DEFAULT_KEYS, skip: 'x' }, storage)
    expect(loadKeys('a', storage).skip).toBe('x')
    expect(loadKeys('b', storage)).toEqual(DEFAULT_KEYS)
    box.set('lianting.keys.c', '{"skip":"j"}')
    expect(loadKeys('c', storage)).toEqual(DEFAULT_KEYS)
    box.set('lianting.keys.d', 'nonsense')
    expect(loadKeys('d', storage)).toEqual(DEFAULT_KEYS)
  })
})

describe('hold and undo', () => {
  it('sends after ten seconds, once', async () => {
    vi.useFakeTimers()
    const q = new HoldQueue()
    const send = vi.fn(async () => undefined)
    expect(q.hold({ subject: 'a', send })).toBe(true)
    expect(q.hold({ subject: 'a', send })).toBe(false)
    await vi.advanceTimersByTimeAsync(9_999)
    expect(send).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1)
    expect(send).toHaveBeenCalledTimes(1)
    expect(q.undo()).toBe(false)
    vi.useRealTimers()
  })
  it('takes back the last one, or the one named', async () => {
    vi.useFakeTimers()
    const q = new HoldQueue()
    const sent: string[] = []
    const undone: string[] = []
    for (const s of ['a', 'b', 'c']) q.hold({ subject: s, send: async () => void sent.push(s), undone: () => undone.push(s) })
    expect(q.undo()).toBe(true)
    expect(q.undo('a')).toBe(true)
    await vi.advanceTimersByTimeAsync(20_000)
    expect([sent, undone, q.size]).toEqual([['b'], ['c', 'a'], 0])
    vi.useRealTimers()
  })
  it('sends everything when the page goes', async () => {
    const q = new HoldQueue(10_000)
    const sent: string[] = []
    const over = vi.fn()
    for (const s of ['a', 'b']) q.hold({ subject: s, send: async () => void sent.push(s), over })
    await q.flush()
    await q.flush()
    expect(sent).toEqual(['a', 'b'])
    expect(over).toHaveBeenCalledTimes(2)
  })
})

describe('the queue', () => {
  const today = '2026-11-24'
  const late = filing('late', clock(7, 8, '2026-11-23', 'breached'))
  const ends = filing('ends', clock(7, 7, today, 'last_day'))
  const soon = filing('soon', clock(7, 5, '2026-11-26', 'soon'))
  const fresh = filing('fresh', clock(7, 0, '2026-12-01'), { received_at: '2026-11-24T01:00:00Z' })
  // 23:30 in Beijing on the 23rd is still the 23rd in UTC: the day of receipt is Beijing's
  const night = filing('night', clock(7, 1, '2026-11-30'), { received_at: '2026-11-23T15:30:00Z' })
  const back = filing('back', clock(7, 2, '2026-11-29'), { state: 'returned' })
  it('is grouped by the clock', () => {
    expect([late, ends, soon, fresh, night, back].map((f) => groupOf(f, today))).toEqual(['overdue', 'today', 'soon', 'fresh', 'later', 'done'])
    expect(grouped([fresh, back, soon, late, ends], today).map((g) => g.key)).toEqual(['overdue', 'today', 'soon', 'fresh', 'done'])
    expect(grouped([], today)).toEqual([])
  })
  it('is walked in the order shown', () => {
    const groups = grouped([fresh, soon, late, ends], today)
    expect(neighbour(groups, 'late', 1)?.id).toBe('ends')
    expect(neighbour(groups, 'late', -1)).toBeNull()
    expect(neighbour(groups, undefined, 1)?.id).toBe('late')
    expect(nextAfter(groups, 'fresh')?.id).toBe('soon')
    expect(nextAfter(groups, 'late', (f) => f.id !== 'ends')?.id).toBe('soon')
  })
})

describe('corrections', () => {
  const check = { id: 'G3', level: 'warn' as const, step: 'parties' as const, field: '/parties/1/name', text: '被告名称与登记不符：登记名称是「甲」。', text_en: '', cure: '请核对。', cure_en: '', article: '', way_on: true }
  const report = { sendable: true, items: [check, { ...check, id: 'G7', level: 'info' as const, step: 'evidence' as const }] }
  it('come from checks, each once', () => {
    const item = fromCheck(check, '起诉状')
    expect(item.what).toBe('被告名称与登记不符')
    expect(openChecks(report, [])).toHaveLength(1)
    expect(openChecks(report, [item])).toHaveLength(0)
    expect(passedSteps(report)).toHaveLength(6)
    expect(shortWords('短：长一些的话。')).toBe('短：长一些的话')
  })
  it('are sent whole or not at all', () => {
    const whole = newItem({ what: ' a ', where: 'b', cure: 'c', page: 1, file_id: 'f' })
    const gap = newItem({ what: 'a', where: 'b' })
    expect(unfinished([whole, gap])).toBe(gap)
    expect(toBody([whole])).toEqual([{ step: 'claims', what: 'a', where: 'b', cure: 'c', page: 1, file_id: 'f' }])
  })
})

describe('words on a page', () => {
  const piece = (str: string, x: number, y = 700) => ({ str, x, y, width: str.length * 10, height: 10 })
  it('are found across pieces, spaces and lines', () => {
    expect(findWords([piece('被告：山东鲁辰', 0), piece('物流公司，住', 70)], '鲁辰物流')).toEqual([{ x: 50, y: 700, width: 40, height: 10 }])
    expect(findWords([piece('山东鲁', 0), piece('辰物流', 0, 680)], '鲁辰 物流')).toHaveLength(2)
    expect(findWords([piece('山东', 0)], '河南')).toEqual([])
    expect(findWords([piece('山东', 0)], '山')).toEqual([])
  })
})

describe('rules', () => {
  const rule = (at: number, value: number, set_at: Rule['set_at'] = 'court'): Rule => ({ key: 'correction_days', name: '', name_en: '', value, basis: 'b', set_at, set_by: '', set_at_court: at, version: 1, unsure: false, unset: false, valid_from: '2026-01-01', upcoming: [], schema: { type: 'integer', minimum: 1, maximum: 30 } })
  it('show who set what', () => {
    const above = [
      { court: { id: 370000, name: '省', level: 'high' as const }, policy: { court_id: 370000, version: 1, rules: [rule(370000, 7)] } },
      { court: { id: 370100, name: '市', level: 'intermediate' as const }, policy: { court_id: 370100, version: 1, rules: [rule(370100, 10)] } },
    ]
    // each court, asked about itself, says "court": who set it is told by the id
    const here = { id: 370102, name: '区', level: 'basic' as const }
    const passes = (own: Rule) => chainOf('correction_days', own, above, here).map((l) => [l.level, l.passes])
    expect(passes(rule(370100, 10, 'intermediate'))).toEqual([['law', false], ['province', false], ['intermediate', false], ['court', true]])
    expect(passes(rule(370102, 5))).toEqual([['law', false], ['province', false], ['intermediate', false], ['court', false]])
  })
  it('take their control from the schema, else from the value', () => {
    expect(kindOf({ type: 'integer' }, 5, 'upload_max_bytes')).toBe('bytes')
    expect(kindOf({}, 5, 'high_fen')).toBe('money')
    expect(kindOf({ enum: ['A', 'B'] }, 'A')).toBe('choice')
    expect(kindOf({ type: 'array', items: { enum: ['civil'] } }, [])).toBe('set')
    expect(kindOf({ type: ['object', 'null'] }, null)).toBe('record')
    expect(blankLike({ code: 'x', name: 'y', ok: true }, {})).toEqual({ code: '', name: '', ok: false })
  })
  it('refuse what the law refuses', () => {
    expect(faults({ type: 'integer', maximum: 7 }, 10)).toEqual([{ at: '', code: 'above', limit: 7 }])
    expect(faults({ type: 'integer' }, 1.5)[0]?.code).toBe('whole')
    expect(faults({ type: 'integer' }, '')[0]?.code).toBe('empty')
    expect(faults({ type: 'object', properties: { n: { type: 'integer', minimum: 1 } } }, { n: 0 })).toEqual([{ at: '/n', code: 'below', limit: 1 }])
    expect(faults({ type: 'array', minItems: 1 }, [])[0]?.code).toBe('empty')
    expect(faults({ type: 'array', maxItems: 1 }, ['a', 'b'])[0]).toEqual({ at: '', code: 'many', limit: 1 })
    expect(diff({ a: 1, b: 2 }, { a: 1, c: 3 })).toEqual([{ key: 'b', before: 2, after: undefined }, { key: 'c', before: undefined, after: 3 }])
  })
})

describe('administration', () => {
  it('keeps three duties apart', () => {
    expect(dutiesOf(['court_admin', 'provincial_admin', 'judge'])).toEqual(['system'])
    expect(dutiesOf(['court_admin', 'security_admin', 'auditor'])).toHaveLength(3)
    expect(isResidentId('11010519491231002X')).toBe(true)
    expect(isResidentId('110105194912310021')).toBe(false)
  })
  it('turns a right round and back', () => {
    const cell = { role: 'clerk' as const, act: 'case:seal', allowed: false, source: 'province' as const }
    expect(pressed(cell, undefined)).toBe('allow')
    expect(pressed(cell, 'allow')).toBeUndefined()
    expect(pressed({ ...cell, source: 'court' }, undefined)).toBe('inherit')
    expect(changesOf(new Map([['clerk case:seal', 'deny' as const]]))).toEqual([{ role: 'clerk', act: 'case:seal', effect: 'deny' }])
  })
})

describe('the province', () => {
  const court = (name: string, parent_name: string, same_day_percent: number, cases_this_year: number, overdue = 0) =>
    ({ court_id: 1, name, parent_name, enabled: true, confidence: 'sure' as const, waiting: 1, due_today: 0, overdue, same_day_percent, median_hours: 2, violations: 0, cases_this_year })
  const courts = [court('市中院', '省高院', 80, 100), court('区法院', '市中院', 95, 300, 2), court('铁路法院', '省高院', 99, 10)]
  it('adds up districts by weight', () => {
    expect(byDistrict(courts).map((d) => [d.name, d.same_day_percent, d.overdue])).toEqual([['市中院', 91.3, 2], ['', 99, 0]])
    expect(mustAct(courts).map((c) => c.name)).toEqual(['区法院'])
  })
  it('draws round scales', () => {
    const s = scaleFor([79.8, 98.2], 100)
    expect(s.lo).toBeLessThanOrEqual(79.8)
    expect(s.hi).toBe(100)
    expect(s.ticks.length).toBeLessThanOrEqual(8)
    expect(scaleFor([0, 0]).hi).toBeGreaterThan(0)
  })
  it('exports what no spreadsheet runs', () => {
    expect(toCsv(['法院'], [['=1+1'], ['a,"b"'], [3]])).toBe('\ufeff法院\r\n\'=1+1\r\n"a,""b"""\r\n3\r\n')
  })
})
