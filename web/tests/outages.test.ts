import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Outage, OutageReport } from '@/api'
import { checkReport, downParts, going, lastMonths, monthsToAsk, movedBy, openssl, span, sumsOf, tellingEffects, tiles } from '@/outages/outages'
import { sayMonth } from '@/lib/format'

const report = (month: string, n: number, more: Partial<OutageReport> = {}): OutageReport =>
  ({ month, n, made_at: '', sha256: '', key_id: 'k', algorithm: 'Ed25519', signature: '', file_path: '', signature_path: '', ...more })
const outage = (more: Partial<Outage> = {}): Outage => ({ id: 'x', scope: 'province', parts: ['all'], from: '2026-11-20T06:00:00Z', minutes: 1, found_by: 'probe', planned: false, reason: '', reason_en: '', entered_at: '', effects: [], ...more })

describe('the last twelve months', () => {
  it('are Beijing\'s, newest first', () => {
    expect(lastMonths(new Date('2026-10-31T16:30:00Z')).slice(0, 2)).toEqual(['2026-11', '2026-10'])
    expect(lastMonths(new Date('2026-01-15T00:00:00Z'), 3)).toEqual(['2026-01', '2025-12', '2025-11'])
    expect([sayMonth('2026-03', 'zh'), sayMonth('2026-03', 'en')]).toEqual(['2026 年 3 月', 'Mar 2026'])
  })
  it('say what is known of each, and no more', () => {
    const minutes = [{ part: 'filing', minutes: 30 }, { part: 'payment', minutes: 75 }]
    const board = { month: '2026-11', since: '2026-10-05T00:00:00Z', minutes, items: [outage(), outage({ withdrawn_at: 't' })] }
    expect(tiles(board, ['2026-11', '2026-10', '2026-09'])).toEqual([
      { month: '2026-11', state: 'some', count: 1, minutes: 75 }, { month: '2026-10', state: 'unknown' }, { month: '2026-09', state: 'before' },
    ])
    expect(monthsToAsk(board, ['2026-11', '2026-10', '2026-09'])).toEqual(['2026-10'])
    expect(monthsToAsk(undefined, ['2026-11'])).toEqual([])
    expect(tiles(board, ['2026-10'], new Map([['2026-10', { items: [outage()], minutes: [{ part: 'filing', minutes: 12 }] }]]))).toEqual([{ month: '2026-10', state: 'some', count: 1, minutes: 12 }])
    expect(tiles(board, ['2026-10'], new Map([['2026-10', { items: [], minutes: [] }]]))).toEqual([{ month: '2026-10', state: 'none' }])
    expect(tiles({ ...board, items: [outage({ withdrawn_at: 't' })] }, ['2026-11'])).toEqual([{ month: '2026-11', state: 'none' }])
    expect(tiles({ ...board, since: undefined, items: [] }, ['2026-11', '2026-10'])).toEqual([{ month: '2026-11', state: 'before' }, { month: '2026-10', state: 'before' }])
  })
})

describe('an outage', () => {
  it('says what moved first', () => {
    const e = (court: number, moved: number, action: 'next_working_day' | 'unset' | 'hours') => ({ court_id: court, court_name: '', action, text: '', text_en: '', moved, done_at: '' })
    const o = outage({ effects: [e(1, 0, 'next_working_day'), e(2, 3, 'hours'), e(3, 0, 'unset')] })
    expect(movedBy(o)).toBe(3)
    expect(tellingEffects(o).map((x) => x.court_id)).toEqual([2, 3, 1])
    expect([going(o), going(outage({ to: 't' })), going(outage({ withdrawn_at: 't' }))]).toEqual([true, false, false])
    expect(span(135)).toEqual({ h: 2, m: 15 })
    expect(downParts([{ part: 'filing', name: '', name_en: '', up: true }, { part: 'payment', name: '', name_en: '', up: false }])).toEqual(['payment'])
  })
})

describe('a signed report', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const key = { key_id: 'k', algorithm: 'Ed25519', public_key: publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64'), pem: '', current: true }
  const first = report('2026-09', 1, { sha256: 'aa' })
  const text = JSON.stringify({ month: '2026-10', previous_sha256: 'aa' })
  const file = (s: string) => new TextEncoder().encode(s).buffer as ArrayBuffer
  const made = report('2026-10', 2, { sha256: createHash('sha256').update(text).digest('hex'), signature: sign(null, Buffer.from(text), privateKey).toString('base64') })

  it('holds by its bytes, its signature and its chain', async () => {
    expect(await checkReport(file(text), made, [made, first], [key])).toEqual({ digest: 'yes', chain: 'yes', signature: 'yes' })
  })
  it('with a letter changed does not', async () => {
    expect(await checkReport(file(text.replace('10', '11')), made, [made, first], [key])).toEqual({ digest: 'no', chain: 'yes', signature: 'no' })
    expect((await checkReport(file(text.replace('aa', 'ab')), made, [made, first], [key])).chain).toBe('no')
  })
  it('of an unknown key or without the one before is not said to hold', async () => {
    expect(await checkReport(file(text), made, [made], [])).toEqual({ digest: 'yes', chain: 'cannot', signature: 'cannot' })
    expect((await checkReport(file('{}'), report('2026-09', 1), [], [key])).chain).toBe('yes')
    expect((await checkReport(file('no json'), made, [made, first], [key])).chain).toBe('no')
  })
  it('says what it sums up', () => {
    const told = { minutes: { filing: 30, payment: 0 }, outages: [{ withdrawn_at: null }, { withdrawn_at: 't' }] }
    expect(sumsOf(file(JSON.stringify(told)))).toEqual({ outages: 1, minutes: [{ part: 'filing', minutes: 30 }, { part: 'payment', minutes: 0 }] })
    expect([sumsOf(file('{}')), sumsOf(file('no json'))]).toEqual([undefined, undefined])
  })
  it('can be checked by commands', () => {
    expect(openssl('https://court.example', made)).toContain('https://court.example/api/outages/reports/2026-10/signature')
  })
})
