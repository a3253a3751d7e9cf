import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { claimedTotal, isShown, missing, missingItems, type FormSchema, type Values } from '@/filing/form/schema'
import { readRows } from '@/filing/form/csv'

const root = join(import.meta.dirname, '../..')
const form = (id: string) => JSON.parse(readFileSync(join(root, `forms/2025/${id}.json`), 'utf8')) as FormSchema
const sample = (id: string) => JSON.parse(readFileSync(join(root, `tests/vectors/forms/${id}.sample.json`), 'utf8')) as Values
const part = (f: FormSchema, section: 'claims' | 'facts', key: string) => f.properties?.[section]?.properties?.[key] as FormSchema
const nothing = () => undefined

describe('visibility', () => {
  it('follows x-show within the section', () => {
    const f = form('F04')
    expect(isShown(part(f, 'claims', 'C1'), { claims: { ROLE: 'seller' } }, 'claims')).toBe(true)
    expect(isShown(part(f, 'claims', 'C1'), { claims: { ROLE: 'buyer' } }, 'claims')).toBe(false)
    expect(isShown(part(f, 'claims', 'C1'), {}, 'claims')).toBe(false)
  })
  it('follows x-when from the root', () => {
    const f = form('F05')
    expect(isShown(part(f, 'facts', 'F2'), { claims: { C2: { yes: true } } }, 'facts')).toBe(true)
    expect(isShown(part(f, 'facts', 'F2'), { claims: { C2: { yes: false } } }, 'facts')).toBe(false)
  })
})

describe('what is still open', () => {
  it('asks for the required items of an empty form, none of the optional', () => {
    const items = missingItems(missing(form('F02'), {}, 'claims', nothing)).map((m) => m.item)
    expect(items).toContain('C1')
    expect(items).not.toContain('C6')
  })
  it('asks for the details of a yes only', () => {
    const f = form('F02')
    const open = (yes: boolean) => missing(f, { claims: { C4: { yes } } }, 'claims', nothing).filter((m) => m.item === 'C4')
    expect(open(false)).toEqual([])
    expect(open(true).map((m) => m.path)).toEqual([['claims', 'C4', 'detail']])
  })
  it('looks where a shared member is kept', () => {
    const f = form('F02')
    const total = (fen: number | undefined) => missing(f, {}, 'claims', (at) => (at === '/amount_fen' ? fen : undefined)).some((m) => m.item === 'C8')
    expect(total(undefined)).toBe(true)
    expect(total(100)).toBe(false)
  })
  it('takes 0 and false for answers', () => {
    const f = form('F02')
    const open = missing(f, { claims: { C2: { as_of: '2026-01-01', interest: 0, until_paid: false } } }, 'claims', nothing).filter((m) => m.item === 'C2')
    expect(open.map((m) => m.path.at(-1))).not.toContain('interest')
    expect(open.map((m) => m.path.at(-1))).not.toContain('until_paid')
  })
  it('looks into every row of a list', () => {
    const open = missing(form('F02'), { facts: { F6: [{ date: '2026-01-01', amount: 1 }, { date: '2026-01-02' }] } }, 'facts', nothing).filter((m) => m.item === 'F6')
    expect(open.map((m) => m.path)).toEqual([['facts', 'F6', 1, 'amount']])
  })
  it.each(['F02', 'F04', 'F07'])('finds nothing open in the claims of the complete sample %s', (id) => {
    const values = sample(id)
    expect(missing(form(id), values, 'claims', () => 1).map((m) => m.path.join('.'))).toEqual([])
  })
})

describe('total', () => {
  it('adds the money asked for, without the total itself', () => {
    expect(claimedTotal(form('F02'), { claims: { C1: { amount: 100 }, C2: { interest: 20 }, C5: { yes: true, amount: 3 }, C8: 999 } })).toBe(123)
  })
  it('leaves out what was answered no, is hidden, or is foreign money', () => {
    expect(claimedTotal(form('F02'), { claims: { C1: { amount: 100, currency: 'USD' }, C5: { yes: false, amount: 3 } } })).toBe(0)
    expect(claimedTotal(form('F04'), { claims: { ROLE: 'buyer', C1: { amount: 100 } } })).toBe(0)
  })
})

describe('rows from a table', () => {
  it('reads columns by name in either language, amounts in yuan', () => {
    const items = part(form('F02'), 'facts', 'F6').items as FormSchema
    expect(readRows('日期,金额\n2026-03-01,1200\n2026/4/2,1.5万\n坏,坏', items)).toEqual({
      rows: [{ date: '2026-03-01', amount: 120000 }, { date: '2026-04-02', amount: 1500000 }],
      bad: 2,
    })
  })
})
