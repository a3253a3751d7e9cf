import { describe, expect, it } from 'vitest'
import type { Excuse } from '@/api'
import { askedFor, daysTyped, mayAskFor, shiftOf, stands, whatIfFaults, whatIfQuery, type WhatIfForm } from '@/clocks/clocks'

const party = (id: string, own: boolean) => ({ id, side: 'defendant' as const, kind: 'legal' as const, name: id, joined: true, own, representatives: [] })
const form = (more: Partial<WhatIfForm> = {}): WhatIfForm => ({ rule: '', day: null, hour: '', travel: '', excused: '', spans: [{ from: null, until: null }], ...more })

describe('who may ask for more time', () => {
  const clock = { id: 'c', party_id: 'b', state: 'last_day' as const }
  it('is the party whose clock it is, or who acts for one', () => {
    expect(mayAskFor(clock, { parties: [party('a', false), party('b', true)], my_capacity: 'defendant' })).toBe(true)
    expect(mayAskFor(clock, { parties: [party('a', true), party('b', false)], my_capacity: 'plaintiff' })).toBe(false)
    expect(mayAskFor(clock, { parties: [party('a', false), party('b', false)], my_capacity: 'representative' })).toBe(true)
    expect(mayAskFor(clock, { parties: [party('a', false), party('b', false)], my_capacity: 'colleague' })).toBe(false)
  })
  it('has a clock that is nobody\'s alone or done left out', () => {
    const kase = { parties: [party('b', true)], my_capacity: 'defendant' as const }
    expect(mayAskFor({ ...clock, party_id: undefined }, kase)).toBe(false)
    expect(mayAskFor({ ...clock, id: undefined }, kase)).toBe(false)
    expect(mayAskFor({ ...clock, state: 'done' }, kase)).toBe(false)
  })
  it('asks once', () => {
    const e = { clock_id: 'c', state: 'asked' } as Excuse
    expect(askedFor(clock, [e])).toBe(e)
    expect(askedFor(clock, [{ ...e, state: 'refused' }])).toBeUndefined()
  })
})

describe('what if', () => {
  it('asks of a clock by its name alone, and what is typed', () => {
    expect(whatIfQuery(form(), 'c', false)).toEqual({ clock: 'c' })
    expect(whatIfQuery(form({ rule: 'x', day: '2026-11-20', travel: '3', excused: '0', spans: [{ from: '2026-05-01', until: '2026-05-10' }, { from: '2026-06-01', until: null }] }), 'c', false)).toEqual({ clock: 'c', trigger: '2026-11-20', travel_days: 3, pauses: '2026-05-01..2026-05-10,2026-06-01..' })
    expect(whatIfQuery(form({ rule: 'x', day: '2026-11-20', hour: '09:30' }), undefined, true)).toEqual({ rule: 'x', trigger: '2026-11-20T09:30' })
  })
  it('says what is open', () => {
    expect(whatIfFaults(form(), undefined, false)).toEqual(['rule', 'day'])
    expect(whatIfFaults(form({ rule: 'x', day: '2026-11-20' }), undefined, true)).toEqual(['hour'])
    expect(whatIfFaults(form({ travel: 'three', excused: '-1', spans: [{ from: null, until: '2026-01-01' }] }), 'c', false)).toEqual(['travel', 'excused', 'spans'])
    expect(whatIfFaults(form({ spans: [{ from: '2026-02-01', until: '2026-01-01' }] }), 'c', false)).toEqual(['spans'])
  })
  it('reads days as people type them', () => {
    expect([daysTyped(''), daysTyped(' 12 '), daysTyped('1.5'), daysTyped('99', 60)]).toEqual([undefined, 12, null, null])
    expect([shiftOf('2026-12-02', '2026-12-05'), shiftOf('2026-12-02', undefined)]).toEqual([3, null])
  })
})

it('a stay stands until its end is said', () => {
  expect(stands({ kind: 'stay' })).toBe(true)
  expect(stands({ kind: 'stay', until: '2026-11-20' })).toBe(false)
  expect(stands({ kind: 'travel' })).toBe(false)
})
