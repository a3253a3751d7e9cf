import { beforeEach, describe, expect, it } from 'vitest'
import { calendarFaults, daysFrom, grouped, loadCalendarDraft, lookOf, orderOf, press, put, recounting, storeCalendarDraft, sums, walk, weeksOf, type Wish } from '@/province/calendar/calendar'

const rest = (day: string, name = '元旦'): Wish => ({ day, kind: 'holiday', name })

describe('a month', () => {
  it('begins on Monday and has whole weeks', () => {
    const weeks = weeksOf(2026, 11) // the 1st is a Sunday
    expect(weeks[0]).toEqual([null, null, null, null, null, null, '2026-11-01'])
    expect(weeks.at(-1)?.[0]).toBe('2026-11-30')
    expect(weeks.every((w) => w.length === 7)).toBe(true)
    expect(weeksOf(2028, 2).flat().filter(Boolean)).toHaveLength(29)
  })
  it('knows what a day is', () => {
    expect(lookOf('2026-11-22', undefined)).toBe('weekend')
    expect(lookOf('2026-11-23', undefined)).toBe('weekday')
    expect(lookOf('2026-11-23', { kind: 'holiday' })).toBe('holiday')
    expect(lookOf('2026-11-22', { kind: 'workday' })).toBe('workday')
    expect(lookOf('2026-11-22', { kind: 'plain' })).toBe('weekend')
    expect(sums([{ kind: 'holiday' }, { kind: 'workday' }])).toEqual({ holidays: 1, workdays: 1 })
  })
})

describe('what is to change', () => {
  it('is set by a press and left by another', () => {
    const one = press([], rest('2027-01-02'))
    expect(press(one, rest('2027-01-01')).map((w) => w.day)).toEqual(['2027-01-01', '2027-01-02'])
    expect(press(one, rest('2027-01-02'))).toEqual([])
    expect(press(one, { day: '2027-01-02', kind: 'workday', name: '元旦' })).toEqual([{ day: '2027-01-02', kind: 'workday', name: '元旦' }])
    expect(put(one, [rest('2027-01-02', '别的'), rest('2027-01-03')]).map((w) => w.name)).toEqual(['别的', '元旦'])
  })
  it('is told in spans, over the end of a month too', () => {
    const g = grouped([...daysFrom('2027-02-01', '2027-01-30').map((d) => rest(d)), { day: '2027-02-02', kind: 'workday', name: '元旦' }, rest('2027-02-05')])
    expect(g.map((x) => [x.from, x.to, x.kind, x.days.length])).toEqual([['2027-01-30', '2027-02-01', 'holiday', 3], ['2027-02-02', '2027-02-02', 'workday', 1], ['2027-02-05', '2027-02-05', 'holiday', 1]])
  })
  it('is not published without days or basis, or too much at once', () => {
    expect(calendarFaults([], ' ')).toEqual(['nothing', 'basis'])
    expect(calendarFaults(daysFrom('2027-01-01', '2027-03-31').map((d) => rest(d)), 'x')).toEqual(['too_many'])
    expect(orderOf([rest('2027-01-01')], ' 文号 ', ' ')).toEqual({ days: [rest('2027-01-01')], basis: '文号' })
  })
})

it('a change is under way while courts count anew', () => {
  expect(recounting({ courts_done: 3, courts: 180 })).toEqual({ done: 3, of: 180 })
  expect([recounting({ courts_done: 180, courts: 180 }), recounting({}), recounting(undefined)]).toEqual([undefined, undefined, undefined])
})

it('arrows walk the year and stop at its edges', () => {
  expect(walk('2026-11-22', 'ArrowDown')).toBe('2026-11-29')
  expect(walk('2026-01-01', 'ArrowLeft')).toBe('2026-01-01')
  expect(walk('2026-12-31', 'PageDown')).toBe('2026-12-31')
  expect(walk('2026-01-31', 'PageDown')).toBe('2026-02-28')
  expect([walk('2026-11-25', 'Home'), walk('2026-11-25', 'End')]).toEqual(['2026-11-23', '2026-11-29'])
  expect(walk('2026-11-25', 'x')).toBeUndefined()
})

describe('what is being written', () => {
  beforeEach(() => localStorage.clear())
  it('waits in the browser', () => {
    storeCalendarDraft('p', { wishes: [rest('2027-01-01')], basis: 'b', note: '' })
    expect(loadCalendarDraft('p')?.wishes).toHaveLength(1)
    storeCalendarDraft('p', null)
    expect(loadCalendarDraft('p')).toBeNull()
  })
})
