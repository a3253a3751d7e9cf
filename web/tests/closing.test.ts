import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { nextFor } from '@/cases/nextAction'
import { closedParam, isClosed, standingFor, standingOf, STANDINGS } from '@/cases/standing'
import { dayFault, mannersOf } from '@/desk/closing'

const doc = JSON.parse(readFileSync(join(import.meta.dirname, '../src/api/openapi.json'), 'utf8')) as { components: { schemas: { Manner: { enum: string[] } } } }

describe('how a case is closed', () => {
  it('every manner of the court belongs to suits or to enforcement, none to both', () => {
    const all = [...mannersOf('civil'), ...mannersOf('enforcement')]
    expect([...all].sort()).toEqual([...doc.components.schemas.Manner.enum].sort())
    expect(mannersOf('administrative')).toEqual(mannersOf('civil'))
  })
  it.each([
    ['2026-03-02', null],
    ['2026-06-01', null],
    ['2026-03-01', 'range'],
    ['2026-06-02', 'range'],
    [null, 'missing'],
  ])('on a day of its life: %s', (day, fault) => expect(dayFault(day, '2026-03-02', '2026-06-01')).toBe(fault))
  it('leaves nothing to do but to read', () => {
    const step = { title: '案件已结案', title_en: 'The case is closed', text: '', text_en: '' }
    const kase = (capacity: string) => ({ viewer: { capacity, may: ['assign'] }, staff: [], clocks: [], papers: [], parties: [], closed_at: '2026-06-01T02:00:00Z' })
    expect(nextFor(kase('staff') as never, step as never)).toEqual({ own: 'closed', action: null })
    expect(nextFor(kase('defendant') as never, step as never).action).toMatchObject({ tab: 'papers', must: false })
  })
})

describe('未结 · 已结 · 全部', () => {
  it('stands in the address and comes back from it', () => {
    for (const s of STANDINGS) expect(standingOf(closedParam(s))).toBe(s)
    expect([standingOf(''), standingOf('yes'), standingOf(undefined)]).toEqual([undefined, undefined, undefined])
    expect(STANDINGS.map(isClosed)).toEqual([false, true, undefined])
  })
  it('shows all of a few cases, of many those that are open', () => expect([standingFor(0), standingFor(20), standingFor(21)]).toEqual(['all', 'all', 'open']))
})
