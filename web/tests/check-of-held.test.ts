import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { effectScope } from 'vue'
import type { CheckReport, Draft } from '@/api/types'

const court = vi.hoisted(() => ({ check: vi.fn(), patch: vi.fn(), get: vi.fn() }))
vi.mock('@/api', async (original) => ({ ...(await original<object>()), api: { drafts: court, form: vi.fn() } }))
const { openDraft } = await import('../src/filing/model/useDraft')

const draft = { id: '018f0000-0000-7000-8000-000000000001', version: 1, updated_at: '2026-11-22T01:00:00Z', files: [], content: { kind: 'civil', parties: [{ id: 'p1', side: 'defendant', kind: 'natural', name: '钱守义' }] } } as unknown as Draft
const missing = { items: [{ id: 'G5', level: 'warn', step: 'parties', field: '/parties/0/domicile', text: '', text_en: '', cure: '', cure_en: '' }] } as unknown as CheckReport

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

test('a finding about words the court had not yet received is not held against them', async () => {
  let answer: (r: CheckReport) => void = () => {}
  court.check.mockImplementation(() => new Promise<CheckReport>((yes) => (answer = yes)))
  court.patch.mockResolvedValue({ version: 2, saved_at: '2026-11-22T01:00:01Z' })
  const scope = effectScope()
  const desk = scope.run(() => openDraft(draft))!
  answer(missing)
  await vi.advanceTimersByTimeAsync(0)
  const said = () => desk.items.value.filter((i) => i.court).length
  expect(said()).toBe(1)
  // The address is typed; before it is saved the court is asked once more and still misses it.
  desk.content.parties![0]!.domicile = '山东省济南市历下区文化东路51号'
  void desk.checkNow()
  answer(missing)
  await vi.advanceTimersByTimeAsync(0)
  expect(said()).toBe(0)
  scope.stop()
})
