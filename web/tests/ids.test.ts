import { describe, expect, it } from 'vitest'
import { isMobile, isResidentId, isUscc } from '@/lib/ids'

describe('numbers copied by hand', () => {
  it('checks the resident identity number', () => {
    expect(isResidentId('11010519491231002X')).toBe(true)
    expect(isResidentId('11010519491231002x')).toBe(true)
    expect(isResidentId('110105194912310021')).toBe(false)
  })
  it('checks the unified social credit code', () => {
    expect(isUscc('91350100M000100Y43')).toBe(true)
    expect(isUscc('91350100M000100Y44')).toBe(false)
  })
  it('checks mobile numbers', () => {
    expect(isMobile('138 0000 0001')).toBe(true)
    expect(isMobile('12800000001')).toBe(false)
  })
})
