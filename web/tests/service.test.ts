import { describe, expect, it } from 'vitest'
import type { InboxItem, ServiceRecipient } from '@/api/types'
import { answeredAt, explainedRow, inboxOrder, isUnread, mayAskPaper, servedKey, zipIds } from '@/service/served'

const item = (more: Partial<InboxItem>): InboxItem => ({
  court_id: 1, court_name: '', case_id: 'c', number: '', title: '', service_id: 's', recipient_id: 'r', party: '', papers: [], announced_at: '2026-11-20T01:00:00Z',
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
