import type { Clock } from '@/api/types'
import { periodDays } from '@/lib/clock'
import { describe, expect, it } from 'vitest'
import { bareCode, groupCode, wrongSigns } from '@/lib/codes'
import { addDays, dayOf, daysBetween, parseYuan, sayDay, yuan } from '@/lib/format'

describe('money', () => {
  it('writes fen as yuan', () => {
    expect(yuan(9890000)).toBe('98,900.00')
    expect(yuan(5)).toBe('0.05')
    expect(yuan(-123456789)).toBe('-1,234,567.89')
  })
  it('reads what people type, exactly', () => {
    expect(parseYuan('0.29')).toBe(29)
    expect(parseYuan('１２，０００ 元')).toBe(1200000)
    expect(parseYuan('1.2万')).toBe(1200000)
    expect(parseYuan('12.345')).toBeNull()
    expect(parseYuan('约一万')).toBeNull()
  })
})
describe('days', () => {
  it('are Beijing days', () => {
    expect(dayOf('2026-11-22T16:00:00Z')).toBe('2026-11-23')
    expect(daysBetween('2026-11-22', '2026-12-01')).toBe(9)
    expect(addDays('2026-12-30', 3)).toBe('2027-01-02')
    expect(sayDay('2026-11-26', 'zh')).toContain('11 月 26 日 周四')
  })
})
describe('verification codes', () => {
  it('are grouped, and wrong signs are pointed at', () => {
    expect(groupCode(bareCode('k7qm-4tx9 2hrd'))).toBe('K7QM 4TX9 2HRD')
    expect(wrongSigns('K7QM4TX92HR0')).toEqual([{ place: 12, sign: '0', maybe: ['D', 'Q'] }])
  })
})

describe('periodDays', () => {
  it('counts the days the law gives, not those a rest day adds', () => {
    const clock = { total_days: 8, due_on: '2026-11-30', rolled_from: '2026-11-29' } as Clock
    expect(periodDays(clock)).toBe(7)
    expect(periodDays({ ...clock, total_days: 7, rolled_from: undefined })).toBe(7)
  })
})
