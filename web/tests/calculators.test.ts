import { describe, expect, it } from 'vitest'
import type { DeadlineRule, FeeKind } from '@/api/types'
import { readForm as readDeadline, writeQuery as writeDeadline } from '@/tools/deadlineQuery'
import { grouped, readForm, writeQuery } from '@/tools/feeQuery'

const kind = (over: Partial<FeeKind>): FeeKind => ({
  key: 'divorce', name: '', name_en: '', group: 'suit', amount: 'optional', amount_is: '', amount_is_en: '', article: '', article_en: '', also_called: [],
  params: [{ key: 'base', name: '', name_en: '', takes: 'yuan' }, { key: 'summary', name: '', name_en: '', takes: 'nothing' }],
  ...over,
})
const rule = (over: Partial<DeadlineRule>): DeadlineRule => ({
  key: 'appeal_judgment', name: '', name_en: '', n: 15, unit: 'days', period: '', period_en: '', starts: '', starts_en: '', who: 'party', kind: 'legal', rolls: 'always', article: '',
  modes: ['abroad'], also_called: [], links: [], ...over,
})

describe('the address of a fee', () => {
  it('goes there and back', () => {
    const query = { kind: 'divorce', amount: '500000', params: 'base=300;summary', court: '370102' }
    const form = readForm(query, [kind({})])
    expect(form.words).toEqual({ base: '300', summary: 'yes' })
    expect(writeQuery(form, kind({}))).toEqual({ kind: 'divorce', amount: '500000', params: 'base=300;summary', court: 370102 })
  })
  it('keeps words it has no field for, and says nothing that is empty', () => {
    const form = readForm({ kind: 'divorce', params: 'rounding=down;base=' }, [kind({})])
    expect(form.rest).toEqual(['rounding=down'])
    expect(writeQuery(form, kind({}))).toEqual({ kind: 'divorce', params: 'rounding=down' })
  })
  it('writes a change as before->after, and no amount where there is none', () => {
    const change = kind({ key: 'claim_decrease_refund', amount: 'change', params: [] })
    const form = readForm({ kind: change.key, amount: '300000->100000' }, [change])
    expect([form.amount, form.after]).toEqual(['300000', '100000'])
    expect(writeQuery(form, change).amount).toBe('300000->100000')
    expect(writeQuery({ ...form, amount: '', after: '' }, change).amount).toBeUndefined()
    expect(writeQuery(form, kind({ amount: 'none' })).amount).toBeUndefined()
  })
  it('groups thousands as people read them', () => {
    expect(['5800.00', '1234567.5', '0.00'].map(grouped)).toEqual(['5,800.00', '1,234,567.5', '0.00'])
  })
})

describe('the address of a deadline', () => {
  it('goes there and back', () => {
    const query = { rule: 'appeal_judgment', trigger: '2024-05-20', mode: 'abroad', pauses: '2024-05-25..2024-05-30', travel_days: '4', obstacle_ended: '2024-06-20' }
    const form = readDeadline(query)
    expect(form).toMatchObject({ day: '2024-05-20', abroad: true, pauseFrom: '2024-05-25', pauseUntil: '2024-05-30', travel: '4', obstacle: '2024-06-20' })
    expect(writeDeadline(form, rule({}))).toEqual({ ...query, travel_days: 4 })
  })
  it('leaves out what the period has no use for', () => {
    const form = readDeadline({ rule: 'x', trigger: '2024-04-03T16:30', mode: 'A,roll', pauses: '2024-05-25..2024-05-30', travel_days: '4' })
    expect(writeDeadline(form, rule({ key: 'preservation_urgent', unit: 'hours', kind: 'plain', modes: [] }))).toEqual({ rule: 'preservation_urgent', trigger: '2024-04-03T16:30' })
    expect(writeDeadline(form, rule({ key: 'hearing_notice', kind: 'lead', who: 'court', modes: ['A', 'B'] }))).toEqual({ rule: 'hearing_notice', trigger: '2024-04-03', mode: 'A', travel_days: 4 })
  })
})
