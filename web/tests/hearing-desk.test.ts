import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Case } from '@/api'
import { browserTrouble, deviceWords, troubleOf, whereOf } from '@/hearing/before/devices'
import { brightnessOf, doneOf, heightOf, kbps, levelOf, lossOf, nextOf as nextItem, partsOf, rowsOf, sendable, voiceOf, worstOf } from '@/hearing/before/measure'
import type { BoardAlert, BoardHearing, DelayedHearing, DeskSeat, HearingSeat, HearingState, HearingSummary, HearingTestReport, OnlineConsent, Score, TestItem } from '@/hearing/before/types'
import { backoffOf } from '@/hearing/before/useWaitingSocket'
import { deskOrder, lacksOf, ready } from '@/hearing/before/waitDesk'
import { countdown, opensAt, pace, waitState } from '@/hearing/before/waiting'
import { feedOf, nextOf, sorted } from '@/hearing/mine/mine'
import { alertOrder, figuresOf, roomOrder, toneOfBand, trouble } from '@/hearing/schedule/board'
import { standingOf, stepOf } from '@/hearing/schedule/consent'
import { asksFor, blank, groupOf, instantOf, KINDS, openItems, orderOf, ROLE_GROUPS, rolesOf, seat } from '@/hearing/schedule/draft'
import { barOf, byDay, daysOf, freeLane, minuteOf, rowsOf as planRows, toneOf, weekOf } from '@/hearing/schedule/program'

const hearing = (id: string, starts_at: string, ends_at: string, more: Partial<HearingSummary> = {}) =>
  ({ id, starts_at, ends_at, state: 'scheduled', held: 'online', courtroom: undefined, ...more }) as HearingSummary
const kase = (more: object = {}) =>
  ({
    kind: 'civil', procedure: 'summary',
    staff: [{ role: 'judge', name: '林致远', person_id: 'j1' }, { role: 'clerk', name: '赵倩', person_id: 'c1' }],
    parties: [
      { id: 'p1', kind: 'natural', name: '苏百见', side: 'plaintiff', representatives: [{ id: 'r1', name: '顾明月', active: true }, { id: 'r2', name: '旧代理', active: false }] },
      { id: 'p2', kind: 'legal', name: '某公司', side: 'defendant', representatives: [{ id: 'r3', name: '许律师', active: true }] },
      { id: 'p3', kind: 'legal', name: '另一公司', side: 'defendant', representatives: [] },
    ], ...more,
  }) as unknown as Case

describe('planning a hearing', () => {
  it('seats the people of the case', () => {
    const plan = blank(kase())
    expect(plan.seats.map((s) => [s.role, s.name])).toEqual([
      ['sole_judge', '林致远'], ['clerk', '赵倩'], ['party', '苏百见'], ['agent', '顾明月'], ['agent', '许律师'], ['party', '另一公司'],
    ])
    const panel = blank(kase({ procedure: 'ordinary', staff: [{ role: 'presiding_judge', name: '甲', person_id: 'a' }, { role: 'judge', name: '乙', person_id: 'b' }] }), { id: 'me', clerk: true })
    expect(panel.seats.slice(0, 3).map((s) => [s.role, s.person_id])).toEqual([['presiding_judge', 'a'], ['panel_judge', 'b'], ['clerk', 'me']])
  })
  it('says what is open before it asks the court', () => {
    const plan = blank(kase({ staff: [] }))
    expect(openItems(plan).map((o) => o.what)).toEqual(['person', 'person', 'day'])
    expect(orderOf(plan, kase(), '2026-12-01')).toBeNull()
    const odd = { ...blank(kase()), day: '2026-12-01', public: false }
    odd.seats.push(seat('witness'), seat('agent', { name: '某', party_id: 'p1', mode: 'in_court', mode_reason: '太短' }))
    expect(openItems(odd).map((o) => o.what)).toEqual(['name', 'reason', 'closed'])
  })
  it('orders only what was chosen, in Beijing time', () => {
    const plan = { ...blank(kase()), day: '2026-12-01', at: '14:30', minutes: 90 }
    const order = orderOf(plan, kase())
    expect(order).toMatchObject({ kind: 'trial', starts_at: '2026-12-01T06:30:00.000Z', minutes: 90, public: true, online: true })
    expect(order?.days).toBeUndefined()
    expect(order?.facts).toEqual({ security: false, unable: [], objections: [], criminal: undefined })
    expect(order?.participants[2]).toMatchObject({ role: 'party', party_id: 'p1', name: undefined })
    // a plan without a day still asks for free times, with a day that stands in
    expect(orderOf({ ...plan, day: null }, kase(), '2026-12-08')?.starts_at).toBe('2026-12-08T06:30:00.000Z')
    expect(orderOf({ ...plan, kind: 'mediation' }, kase())).toMatchObject({ public: false, closed_by: undefined })
  })
  it('knows every role and what it asks for', () => {
    for (const g of ROLE_GROUPS) for (const r of rolesOf(g)) expect(groupOf(r)).toBe(g)
    expect(asksFor('sole_judge')).toEqual({ person: true, party: false, name: false })
    expect(asksFor('lay_judge')).toEqual({ person: false, party: false, name: true })
    expect(asksFor('agent')).toEqual({ person: false, party: true, name: true })
    expect(instantOf('2026-12-01', '00:00')).toBe('2026-11-30T16:00:00.000Z')
  })
  it('reads the consent ledger by step', () => {
    const said = (party_id: string, step: string, agrees: boolean, at: string, told = true) => ({ id: at, party_id, step, stage: 'first_instance', agrees, told, at }) as OnlineConsent
    const items = [said('p1', 'hearing', true, '1'), said('p2', 'mediation', true, '2'), said('p1', 'hearing', false, '3'), said('p3', 'hearing', true, '4', false)]
    expect([standingOf(items, 'p1', 'hearing'), standingOf(items, 'p2', 'hearing'), standingOf(items, 'p3', 'hearing'), standingOf(items.slice(0, 1), 'p1', 'hearing')]).toEqual(['no', 'silent', 'untold', 'yes'])
    expect(KINDS.map(stepOf)).toEqual(['hearing', 'evidence_exchange', 'evidence_exchange', 'inquiry', 'inquiry', 'mediation', 'hearing', 'inquiry', null])
  })
})

describe('the program of a court', () => {
  const a = hearing('a', '2026-12-01T01:00:00Z', '2026-12-01T03:00:00Z', { courtroom: '一' })
  const b = hearing('b', '2026-12-01T02:00:00Z', '2026-12-01T04:00:00Z', { courtroom: '一' })
  const c = hearing('c', '2026-12-03T06:00:00Z', '2026-12-03T07:00:00Z')
  it('lays a day out, two at one time in two lanes', () => {
    expect(minuteOf(a.starts_at)).toBe(540)
    expect(barOf(a.starts_at, a.ends_at)).toEqual({ left: 10, width: 20 })
    expect(barOf('2026-12-01T22:30:00Z', '2026-12-01T23:30:00Z').left).toBe(0)
    const rows = planRows([b, a, c], 'courtroom', ['一', '二'], '无')
    expect(rows.map((r) => [r.name, r.lanes, r.items.map((x) => [x.hearing.id, x.lane])])).toEqual([['一', 2, [['a', 0], ['b', 1]]], ['二', 1, []], ['无', 1, [['c', 0]]]])
    expect(freeLane(rows[0] as never, a.starts_at, a.ends_at)).toBe(2)
    expect(freeLane(rows[1] as never, a.starts_at, a.ends_at)).toBe(0)
    expect(planRows([{ ...a, bench: [{ plate: '审判长', name: '林' }, { plate: '审判员', name: '王' }] }], 'judge', [], '无').map((r) => r.name)).toEqual(['林', '王'])
  })
  it('has five days a week, and the weekend only when something is on', () => {
    expect(weekOf('2026-12-06')).toBe('2026-11-30')
    expect(daysOf('2026-11-30', [a, b, c]).map((d) => d.items.length)).toEqual([0, 2, 0, 1, 0])
    expect(daysOf('2026-11-30', [hearing('s', '2026-12-05T01:00:00Z', '2026-12-05T02:00:00Z')])).toHaveLength(6)
    expect(byDay([{ from: a.starts_at }, { from: c.starts_at }, { from: b.starts_at }]).map((d) => [d.day, d.slots.length])).toEqual([['2026-12-01', 2], ['2026-12-03', 1]])
    expect((['scheduled', 'open', 'suspended', 'cancelled', 'locked', 'signing'] as HearingState[]).map(toneOf)).toEqual(['outline', 'info', 'bad', 'mute', 'ok', 'warn'])
  })
})

describe('the test of a device', () => {
  it('turns samples into figures', () => {
    expect(brightnessOf([255, 255, 255, 255, 0, 0, 0, 255])).toBe(127)
    expect(levelOf([])).toBe(-100)
    expect(levelOf([1, -1, 1, -1])).toBe(0)
    expect(voiceOf([-60, -58, -20, -12, -59])).toEqual({ peak: -12, noise: -59 })
    expect([kbps(125_000, 1000), kbps(1, 0), lossOf(12, 1), heightOf(-100), heightOf(0)]).toEqual([1000, 0, 83, 0, 1])
    expect(partsOf('有点慢，画面可能卡。（上传 0.9 兆/秒（需 1.2），丢包 4.0%）')).toEqual({ advice: '有点慢，画面可能卡。', figures: '上传 0.9 兆/秒（需 1.2），丢包 4.0%' })
    expect(partsOf('听得清。')).toEqual({ advice: '听得清。', figures: '' })
  })
  const report = (scores: Partial<Record<TestItem, Score>>) =>
    ({ items: (['camera', 'microphone', 'speaker', 'network', 'browser', 'rehearsal'] as TestItem[]).map((item) => ({ item, name: item, name_en: item, score: scores[item], text: 'x', text_en: 'x' })) }) as HearingTestReport
  it('shows every item until it is done, and never lets the rehearsal spoil it', () => {
    const may = { show: true, rehearse: true }
    expect(rowsOf(undefined, may).map((r) => r.item)).toEqual(['camera', 'microphone', 'speaker', 'network', 'rehearsal'])
    expect(rowsOf(undefined, { show: false, rehearse: false }).map((r) => r.item)).toEqual(['speaker', 'network'])
    const half = rowsOf(report({ camera: 'good', browser: 'good' }), may)
    expect([nextItem(half), doneOf(half), worstOf(half)]).toEqual(['microphone', 1, undefined])
    const all = rowsOf(report({ camera: 'good', microphone: 'good', speaker: 'good', network: 'fair', browser: 'good', rehearsal: 'fair' }), may)
    expect(worstOf(all)).toBe('fair')
    expect(worstOf(all.map((r) => (r.item === 'network' ? { ...r, score: 'good' as Score } : r)))).toBe('good')
    expect(rowsOf(report({ browser: 'poor' }), may)[0]?.item).toBe('browser')
    expect(sendable({ heard: false, camera: undefined })).toEqual({ heard: false })
  })
  it('says why a device cannot be used, and where leave is given', () => {
    const able = { isSecureContext: true, RTCPeerConnection: 1, WebSocket: 1, AudioContext: 1, navigator: { mediaDevices: { getUserMedia: 1 } } }
    expect([browserTrouble(able), browserTrouble({ ...able, isSecureContext: false }), browserTrouble({ ...able, RTCPeerConnection: undefined }), browserTrouble({ ...able, navigator: {} })]).toEqual([null, 'insecure', 'old', 'old'])
    expect(['NotAllowedError', 'NotFoundError', 'NotReadableError'].map((n) => troubleOf(new DOMException('x', n)))).toEqual(['denied', 'none', 'busy'])
    const phone = 'Mozilla/5.0 (Linux; Android 13; V2) AppleWebKit/537 Chrome/116.0 Mobile Safari/537 MicroMessenger/8.0.49'
    expect([whereOf(phone), whereOf('iPhone'), whereOf('X11; Linux'), deviceWords(phone), deviceWords('')]).toEqual(['wechat', 'ios', 'desk', 'Android 13 · WeChat/8', 'unknown'])
  })
})

describe('waiting', () => {
  const now = Date.parse('2026-12-01T06:00:00Z')
  const at = (state: HearingState, more: object = {}) => ({ summary: hearing('h', '2026-12-01T06:10:00Z', '2026-12-01T08:00:00Z', { state }), participants: [], ...more }) as unknown as DelayedHearing
  const own = (role: string, mode = 'online') => ({ role, mode }) as HearingSeat
  const say = (h: DelayedHearing, s: HearingSeat, place?: string, standing?: string, when = now) => waitState(h, s, place as never, standing ? ({ standing } as never) : undefined, when)
  it.each([
    [say(at('scheduled'), own('party'), undefined, 'matches', now - 3_600_000), 'too_early'],
    [say(at('waiting'), own('party'), undefined, 'none'), 'to_identify'],
    [say(at('waiting'), own('party'), undefined, 'matches'), 'waiting'],
    [say(at('waiting'), own('party'), undefined, 'doubt'), 'doubt'],
    [say(at('waiting', { delayed_until: '2026-12-01T06:40:00Z' }), own('party'), undefined, 'matches'), 'delayed'],
    [say(at('waiting'), own('witness')), 'witness'],
    [say(at('open'), own('witness'), 'witness_room'), 'witness'],
    [say(at('open'), own('witness'), 'courtroom'), 'called'],
    [say(at('adjourned'), own('party')), 'enter'],
    [say(at('open'), own('party', 'in_court')), 'in_person'],
    [say(at('cancelled'), own('party')), 'cancelled'],
    [say(at('moved_offline'), own('party')), 'moved_offline'],
    [say(at('closed'), own('party')), 'over'],
  ])('%s', (got, wanted) => expect(got).toBe(wanted))
  it('counts down and asks at a bearable pace', () => {
    expect(opensAt(at('scheduled'))).toBe('2026-12-01T05:50:00.000Z')
    expect(countdown('2026-12-02T07:01:05Z', now)).toEqual({ past: false, days: 1, text: '01:01:05' })
    expect(countdown('2026-12-01T05:59:00Z', now)).toMatchObject({ past: true, text: '00:01:00' })
    expect([pace(at('scheduled'), false, now - 86_400_000), pace(at('waiting'), false, now), pace(at('waiting'), true, now)]).toEqual([60_000, 5_000, 30_000])
    expect([backoffOf(0), backoffOf(3), backoffOf(99)]).toEqual([1, 8, 30])
  })
  it('tells the clerk what is still open, and whom to take first', () => {
    const s = (more: Partial<DeskSeat>) => ({ mode: 'online', area: 'left', connected: true, must_identify: true, standing: 'matches', views: [], views_missing: [], must_acknowledge: true, acknowledged_at: 'x', test: { report: { score: 'good' } }, ...more }) as DeskSeat
    const items = [s({ name: 'done' }), s({ name: 'away', connected: false }), s({ name: 'unread', acknowledged_at: undefined }), s({ name: 'unknown', standing: 'none', views_missing: ['x'] }), s({ name: 'judge', area: 'bench' })]
    expect(items.map(lacksOf)).toEqual([[], ['absent'], ['discipline'], ['identity', 'view'], []])
    expect(deskOrder(items).map((x) => x.name)).toEqual(['unknown', 'unread', 'away', 'done'])
    expect(ready(items)).toEqual({ done: 1, of: 4 })
  })
})

describe('my hearings and the board', () => {
  const now = Date.parse('2026-12-01T06:00:00Z')
  it('puts the next first and says what to do', () => {
    const h = (id: string, starts_at: string, state: HearingState, held = 'online') => hearing(id, starts_at, new Date(Date.parse(starts_at) + 3_600_000).toISOString(), { state, held } as never)
    const items = [h('late', '2026-12-09T01:00:00Z', 'scheduled'), h('past', '2026-11-01T01:00:00Z', 'closed'), h('now', '2026-12-01T05:50:00Z', 'open'), h('off', '2026-12-05T01:00:00Z', 'cancelled')]
    expect([sorted(items, now).ahead.map((x) => x.id), sorted(items, now).past.map((x) => x.id)]).toEqual([['now', 'late'], ['off', 'past']])
    const soon = h('s', '2026-12-01T06:20:00Z', 'scheduled')
    expect([...items, soon, h('c', '2026-12-09T01:00:00Z', 'scheduled', 'offline')].map((x) => nextOf(x, now))).toEqual(['test', 'nothing', 'enter', 'off', 'wait', 'come'])
    expect(nextOf(soon, now, { mode: 'in_court' })).toBe('come')
    expect(feedOf('https://x/api/my/inbox/feed.ics?token=a')).toBe('https://x/api/my/hearings/feed.ics?token=a')
  })
  it('puts what nobody took first, and the worst room on top', () => {
    const alert = (id: string, kind: string, taken_at?: string) => ({ id, kind, taken_at, since: id, figures: { up_loss: 124, rtt_ms: 310, gone_s: null, name: 'x' } }) as unknown as BoardAlert
    expect(alertOrder([alert('1', 'poor_line'), alert('2', 'recording_lost', 'x'), alert('3', 'recording_lost')]).map((a) => a.id)).toEqual(['3', '1', '2'])
    expect(figuresOf(alert('1', 'poor_line'))).toEqual([{ key: 'up_loss', value: '12.4%' }, { key: 'rtt_ms', value: '310 ms' }])
    const room = (id: string, state: HearingState, recording: boolean, poor = 0) => ({ id, state, recording, poor, starts_at: id }) as BoardHearing
    const rooms = [room('1', 'waiting', false), room('2', 'open', true), room('3', 'open', true, 1), room('4', 'open', false)]
    expect([roomOrder(rooms).map((r) => r.id), rooms.map(trouble), (['good', 'poor', 'bad'] as const).map(toneOfBand)]).toEqual([['4', '3', '2', '1'], [null, null, 'line', 'recording'], ['ok', 'warn', 'bad']])
  })
})

describe('words that are put together', () => {
  const MODULES = ['hearing_desk', 'hearing_plan', 'hearing_before', 'hearing_mine', 'hearing_board']
  const words = Object.assign({}, ...MODULES.map((m) => JSON.parse(readFileSync(join(import.meta.dirname, `../src/i18n/zh/${m}.json`), 'utf8')) as object)) as Record<string, Record<string, unknown>>
  const WAIT = ['too_early', 'waiting', 'to_identify', 'doubt', 'delayed', 'witness', 'called', 'enter', 'in_person', 'cancelled', 'postponed', 'moved_offline', 'over']
  it.each([
    ['kind', KINDS], ['role', ROLE_GROUPS.flatMap(rolesOf)], ['group', ROLE_GROUPS], ['score', ['good', 'fair', 'poor', 'none']], ['lack', ['absent', 'identity', 'view', 'discipline', 'test']],
    ['item', ['camera', 'microphone', 'speaker', 'network', 'browser', 'rehearsal']], ['finding', ['matches', 'doubt', 'no_match']], ['conflict', ['here', 'elsewhere', 'unavailable', 'gap']],
  ])('%s', (name, keys) => expect(keys.filter((k) => !words[name]?.[k])).toEqual([]))
  it('waiting', () => {
    const said = words.wait as { is: Record<string, string>; text: Record<string, string> }
    expect(WAIT.filter((k) => !said.is[k] || !said.text[k])).toEqual([])
  })
})
