import { describe, expect, it } from 'vitest'
import type { Case, NextStep } from '@/api/types'
import { nextFor } from '@/cases/nextAction'

const step = { title: '', title_en: '', text: '', text_en: '' } as NextStep
const clock = (state: string) => ({ key: 'send_complaint', state }) as Case['clocks'][number]
function kase(capacity: string, more: Partial<Case> = {}): Case {
  return { viewer: { capacity, may: capacity === 'staff' ? ['assign', 'join_codes'] : [] }, staff: [{ role: 'judge', name: '李' }], clocks: [clock('running')], papers: [{ kind: 'acceptance_notice' }],
    parties: [{ side: 'plaintiff', joined: true }, { side: 'defendant', joined: false }], ...more } as Case
}

describe('the next step', () => {
  it('is the court\'s own word where it names an act', () => {
    expect(nextFor(kase('plaintiff'), { ...step, action: 'file_defence' } as NextStep).action?.tab).toBe('file')
    expect(nextFor(kase('plaintiff'), { ...step, action: 'call' } as NextStep).action?.tab).toBe('contact')
  })
  it('of the court: assign, then the copy for the other side, then wait', () => {
    expect(nextFor(kase('staff', { staff: [] }), step)).toMatchObject({ own: 'assign', action: { tab: 'staff' } })
    expect(nextFor(kase('staff'), step)).toMatchObject({ own: 'send', by: { key: 'send_complaint' } })
    expect(nextFor(kase('staff', { clocks: [clock('breached')] }), step)).toEqual({ own: 'list', action: null })
    expect(nextFor(kase('staff', { viewer: { capacity: 'staff', may: [] }, staff: [] } as Partial<Case>), step)).toEqual({ own: 'assign', action: null })
  })
  it('of a defendant: read what was filed; of others: the notice, if there is one', () => {
    expect(nextFor(kase('defendant'), step)).toMatchObject({ own: 'defend', action: { tab: 'file', must: true } })
    expect(nextFor(kase('plaintiff'), step)).toMatchObject({ action: { label: 'notice', must: false } })
    expect(nextFor(kase('representative', { papers: [] }), step).action).toBeNull()
  })
})
