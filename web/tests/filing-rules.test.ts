import { describe, expect, it } from 'vitest'
import type { CheckItem, DraftContent } from '@/api/types'
import { sayTitle } from '@/cases/sayTitle'
import { isMinor, licenceFault, phoneFault, residentIdFault, usccFault } from '@/filing/model/identity'
import { joinItems, localItems } from '@/filing/model/open-items'
import { neededPapers } from '@/filing/model/papers'
import { stepOf, stepsFor } from '@/filing/model/steps'

describe('numbers', () => {
  it.each([
    ['11010519491231002X', null], ['370102189901010017', 'check'], ['370102189902290019', 'date'], ['37010218990101001', 'length'],
    ['37010218990101018x', null], ['3701**********4410', null], ['', null],
  ])('resident id %s → %s', (id, fault) => expect(residentIdFault(id)).toBe(fault))
  it.each([
    ['91350100M000100Y43', null], ['91370102MA0000007G', 'check'], ['91370102MA000000I7', 'signs'], ['9137010MA0000007F', 'length'], ['91370102ma0000007f', null],
  ])('credit code %s → %s', (code, fault) => expect(usccFault(code)).toBe(fault))
  it('lawyers and phones', () => {
    expect(licenceFault('13701201310123456')).toBeNull()
    expect(licenceFault('23701201310123456')).toBe('signs')
    expect(phoneFault('+86 138 0013 8000')).toBeNull()
    expect(phoneFault('12800138000')).toBe('signs')
    expect(phoneFault('0531-89250000')).toBeNull()
  })
  it('grows up on the eighteenth birthday', () => {
    expect(isMinor('2010-05-06', '2028-05-05')).toBe(true)
    expect(isMinor('2010-05-06', '2028-05-06')).toBe(false)
  })
})

describe('papers', () => {
  it('follow the people', () => {
    const content: DraftContent = {
      kind: 'civil',
      parties: [{ id: 'p1', side: 'plaintiff', kind: 'legal' }, { id: 'p2', side: 'defendant', kind: 'natural' }],
      representatives: [{ id: 'r1', party_ids: ['p1'], kind: 'lawyer' }, { id: 'r2', party_ids: ['p1'], kind: 'relative' }],
    }
    expect(neededPapers(content).map((n) => n.key)).toEqual([
      'business_licence:p1', 'representative_certificate:p1', 'id_copy:p1',
      'power_of_attorney:r1', 'lawyer_licence:r1', 'firm_letter:r1', 'power_of_attorney:r2', 'id_copy:r2', 'kinship_proof:r2',
    ])
  })
})

describe('open items', () => {
  it('name every place of an empty draft once, in the order of the steps', () => {
    const steps = localItems({ kind: 'civil' }, null).map((i) => i.step)
    expect(steps).toEqual([...steps].sort((a, b) => ['court', 'cause', 'parties', 'claims', 'evidence', 'service'].indexOf(a) - ['court', 'cause', 'parties', 'claims', 'evidence', 'service'].indexOf(b)))
    expect(new Set(localItems({}, null).map((i) => i.id)).size).toBe(localItems({}, null).length)
  })
  it('count what both see once, and drop what was confirmed', () => {
    const item = (id: string, field: string): CheckItem => ({ id, level: 'warn', step: 'parties', field, text: '', text_en: '', cure: '', cure_en: '', article: '', way_on: true })
    const local = [{ id: 'l', step: 'parties' as const, field: '/parties/1/name', key: 'party_name' }]
    expect(joinItems(local, [item('G3', '/parties/1'), item('G7', '/court_id'), item('G8', '/cause')], new Set(['G8 /cause'])).map((i) => i.id)).toEqual(['l', 'G7 /court_id'])
  })
  it('keep findings of one rule apart', () => {
    const item = (field: string): CheckItem => ({ id: 'G3', level: 'warn', step: 'parties', field, text: '', text_en: '', cure: '', cure_en: '', article: '', way_on: true })
    expect(joinItems([], [item('/parties/1/phone'), item('/parties/2/phone')], new Set(['G3 /parties/1/phone'])).map((i) => i.field)).toEqual(['/parties/2/phone'])
  })
  it('stand where the field is asked, whatever step the court names', () => {
    const clause: CheckItem = { id: 'J13', level: 'warn', step: 'court', field: '/jurisdiction/clause_text', text: '', text_en: '', cure: '', cure_en: '', article: '', way_on: true }
    expect(joinItems([], [clause], new Set())[0]?.step).toBe('claims')
  })
})

describe('steps', () => {
  it('of a correction are the list, what it touches, and the check', () => {
    const item = (step: 'parties' | 'evidence') => ({ n: 1, step, what: '', where: '', cure: '', done: false })
    expect(stepsFor({ court_id: 1, filing_id: '', filing_number: '', deadline: null as never, items: [item('evidence'), item('parties')] })).toEqual(['list', 'parties', 'evidence', 'statement'])
  })
  it('know where a member is asked', () => {
    expect(stepOf('/jurisdiction/ground')).toBe('court')
    expect(stepOf('/jurisdiction/clause_text')).toBe('claims')
    expect(stepOf('/elements/values/claims/C1')).toBe('claims')
    expect(stepOf('/papers/0')).toBe('evidence')
  })
})

describe('titles', () => {
  it('speak to the reader', () => {
    expect(sayTitle('赵文博诉某公司', '赵文博', 'zh')).toBe('您诉某公司')
    expect(sayTitle('某公司诉赵文博', '赵文博', 'zh')).toBe('某公司诉您')
    expect(sayTitle('赵文博等诉某公司', '赵文博', 'zh')).toBe('赵文博等诉某公司')
    expect(sayTitle('赵文博诉某公司', '赵文博', 'en')).toBe('You v. 某公司')
    expect(sayTitle('某公司诉赵文博', '赵文博', 'en')).toBe('某公司 v. you')
    expect(sayTitle('赵文博诉某公司', undefined, 'en')).toBe('赵文博 v. 某公司')
    expect(sayTitle('赵文博申请执行某公司', '赵文博', 'en')).toBe('赵文博申请执行某公司')
  })
})
