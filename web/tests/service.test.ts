import { describe, expect, it } from 'vitest'
import type { InboxItem, ServiceRecipient, ServiceTask, ServiceTaskKind } from '@/api/types'
import { addressFaults } from '@/service/address'
import { answeredAt, explainedRow, inboxOrder, isUnread, mayAskPaper, servedKey, zipIds } from '@/service/served'
import { doubtful, doubtOf, isPrinted, mayCancel, endsByHand, firstChannel, instantOf, PAPER_CHANNELS, resultsOf, routeOf, taskOrder, toneOf } from '@/desk/service/service'

const item = (more: Partial<InboxItem>): InboxItem => ({
  court_id: 1, court_name: '', case_id: 'c', number: '', title: '', service_id: 's', recipient_id: 'r', party: '', capacity: 'plaintiff', papers: [], announced_at: '2026-11-20T01:00:00Z',
  is_service: true, effect: 'no', rebuttable: false, contested: false, clocks: [], ...more,
})

describe('what was served', () => {
  it('says served only with a time', () => {
    expect(servedKey(item({ effect: 'yes', served_at: '2026-11-20T01:00:00Z' }))).toBe('served')
    expect(servedKey(item({ effect: 'yes' }))).toBe('waiting')
    expect(servedKey(item({}))).toBe('waiting')
  })
  it('shows without consent for information only', () => {
    expect(servedKey(item({ is_service: false }))).toBe('info_only')
    // on paper it may be served all the same
    expect(servedKey(item({ is_service: false, effect: 'yes', served_at: '2026-11-20T01:00:00Z' }))).toBe('served')
  })
  it('tells a presumption from one that is contested', () => {
    expect(servedKey(item({ effect: 'presumed', served_at: 'x' }))).toBe('presumed')
    expect(servedKey(item({ effect: 'presumed', served_at: 'x', contested: true }))).toBe('contested')
    expect(servedKey(item({ effect: 'notice_unusable' }))).toBe('unusable')
  })
  it('puts the unread first, then the newest, and changes nothing it was given', () => {
    const given = [item({ recipient_id: 'a', read_at: 'x', announced_at: '3' }), item({ recipient_id: 'b', announced_at: '1' }), item({ recipient_id: 'c', is_service: false, announced_at: '4' }), item({ recipient_id: 'd', announced_at: '2' })]
    expect(inboxOrder(given).map((i) => i.recipient_id)).toEqual(['d', 'b', 'c', 'a'])
    expect(given[0]?.recipient_id).toBe('a')
    expect(isUnread(item({ is_service: false }))).toBe(false)
  })
  it('offers paper for judgments, rulings and mediation statements only', () => {
    expect(mayAskPaper([{ kind: 'notice' }, { kind: 'ruling' }])).toBe(true)
    expect(mayAskPaper([{ kind: 'notice' }, { kind: 'fee_notice' }])).toBe(false)
  })
  it('finds the first answer of the side', () => {
    const event = (what: string, at: string) => ({ what, at, name: '', name_en: '' })
    const recipient = { attempts: [{ events: [event('arrived', '1'), event('answered_received', '5')] }, { events: [event('answered_received', '3')] }] } as unknown as ServiceRecipient
    expect(answeredAt(recipient)).toBe('3')
    expect(answeredAt(undefined)).toBeUndefined()
  })
  it('explains the rows it has words for and packs at most a hundred', () => {
    expect(explainedRow('1')).toBe('1')
    expect(explainedRow('waiting')).toBeUndefined()
    expect(zipIds(Array.from({ length: 130 }, (_, i) => ({ recipient_id: String(i) })))).toHaveLength(100)
  })
})

describe('the service desk', () => {
  const task = (kind: ServiceTaskKind, since: string) => ({ id: kind + since, kind, since }) as ServiceTask
  it('puts what stands still before what helps along, the longest waiting first', () => {
    expect(taskOrder([task('paper_copy', '1'), task('post', '3'), task('post', '2'), task('decide_rebuttal', '9')]).map((x) => x.kind + x.since)).toEqual(['decide_rebuttal9', 'post2', 'post3', 'paper_copy1'])
    expect(endsByHand('call')).toBe(true)
    expect(endsByHand('post')).toBe(false)
  })
  it('begins with the way the plan asks for', () => {
    expect(firstChannel({ step: 'post', ways: [] })).toBe('post')
    expect(firstChannel({ step: 'public_notice', ways: [] })).toBe('public_notice')
    expect(firstChannel({ step: 'by_hand', ways: ['inbox', 'leave_service'] })).toBe('leave_service')
    expect(firstChannel({ step: 'by_hand', ways: [] })).toBe('direct')
  })
  it('lets a clerk say only what a clerk can know', () => {
    const all = ['inbox', 'sms', ...PAPER_CHANNELS].flatMap(resultsOf)
    for (const said of ['arrived', 'sent_ok', 'read', 'downloaded', 'bounced']) expect(all).not.toContain(said)
    expect(resultsOf('leave_service')).toEqual(['left'])
    expect(resultsOf('post')).toContain('returned')
  })
  it('reads a day and an hour of Beijing', () => {
    expect(instantOf('2026-11-22', '09:30')).toBe('2026-11-22T01:30:00.000Z')
    expect(instantOf('2026-11-22', '9:30')).toBeNull()
    expect(instantOf(null, '09:30')).toBeNull()
  })
  it('says by which way papers would go', () => {
    const address = (channel: string, consent: string) => ({ id: channel, channel, channel_name: '', masked: channel, standing: 'confirmed', standing_name: '', consent })
    const party = (agrees: boolean, addresses: ReturnType<typeof address>[]) => ({ party_id: 'p', name: '', agrees, addresses, versions: [] })
    expect(routeOf(party(true, [address('post', 'none'), address('inbox', 'full')]))).toEqual({ electronic: true, why: 'agreed', ways: ['inbox'] })
    expect(routeOf(party(true, [address('inbox', 'by_conduct')])).why).toBe('by_conduct')
    expect(routeOf(party(false, [address('post', 'none'), address('inbox', 'full')]))).toEqual({ electronic: false, why: 'not_agreed', ways: ['post'] })
    expect(routeOf(undefined).why).toBe('nothing')
    const inDoubt = { ...address('sms', 'full'), doubtful_since: '2026-11-23T01:00:00Z', doubtful_why: 'disclaimed' as const }
    expect(routeOf(party(true, [address('inbox', 'full'), inDoubt])).ways).toEqual(['inbox'])
    expect(doubtful([party(true, [address('inbox', 'full'), inDoubt])]).map((d) => d.address.channel)).toEqual(['sms'])
    expect([doubtOf({ detail: { why: 'off' } }), doubtOf({ detail: null })]).toEqual(['off', ''])
  })
  it('marks what waits and what is served', () => {
    expect(toneOf('done', 'yes')).toBe('ok')
    expect(toneOf('done', 'no')).toBe('mute')
    expect(toneOf('waiting_for_judge', 'presumed')).toBe('warn')
    expect(toneOf('stuck', 'no')).toBe('bad')
  })
})

describe('the confirmation of an address', () => {
  const form = { agrees: true, inbox: true, sms: '', email: '', platform: '', chat: '', receiver: '赵文博', phone: '13800000001', address: '泉城路188号', understood: true }
  it('is whole with one electronic way and a postal address', () => {
    expect(addressFaults(form)).toEqual([])
    expect(addressFaults({ ...form, inbox: false })).toEqual(['channel'])
    expect(addressFaults({ ...form, inbox: false, email: 'a@b.cn' })).toEqual([])
  })
  it('asks nothing electronic of whoever does not agree', () => {
    expect(addressFaults({ ...form, agrees: false, inbox: false, sms: 'x' })).toEqual([])
  })
  it('names what is open in the order of the form', () => {
    expect(addressFaults({ ...form, agrees: null, sms: '1', phone: ' ', address: '路', understood: false })).toEqual(['agrees', 'phone', 'address', 'understood'])
    expect(addressFaults({ ...form, sms: '12', email: 'a' })).toEqual(['sms', 'email'])
    expect(addressFaults({ ...form, inbox: false, platform: '13800000001' })).toEqual([])
    expect(addressFaults({ ...form, platform: 'a b', chat: 'x' })).toEqual(['platform', 'chat'])
  })
})

describe('taking an order back', () => {
  it('is for those who served nobody', () => {
    const r = (effect: 'yes' | 'presumed' | 'no' | 'notice_unusable', state: 'electronic' | 'cancelled' = 'electronic') => ({ effect, state })
    expect(mayCancel([r('no'), r('notice_unusable')])).toBe(true)
    expect(mayCancel([r('no'), r('presumed')])).toBe(false)
    expect(mayCancel([r('no', 'cancelled')])).toBe(false)
    expect(mayCancel([])).toBe(false)
  })
  it('what lies ready to print is told', () => {
    expect((['post', 'by_hand', 'paper_copy', 'call', 'public_notice'] as const).map(isPrinted)).toEqual([true, true, true, false, false])
  })
})
