import { describe, expect, it, vi } from 'vitest'
import type { Hearing, HearingSeat } from '@/hearing/before/types'
import { cutOff, letBack } from '@/hearing/room/gallery'
import { largeOne, planOf, withAbsent } from '@/hearing/room/course'
import { useVoices } from '@/hearing/room/voices'
import { mayBeScreened, orderMeasures, orders, screenedFrom } from '@/hearing/schedule/measures'
import type { Seat, Wish } from '@/hearing/types'

const track = () => {
  const made = { enabled: true, stopped: false, clone: () => track(), stop: () => (made.stopped = true) }
  return made as unknown as MediaStreamTrack & { stopped: boolean }
}
describe('the two voices of an interpreter', () => {
  const sit = () => {
    const own = { audio: track() as MediaStreamTrack | null, mic: true }
    const sent: (MediaStreamTrack | null)[] = []
    return { own, sent, voices: useVoices(own, async (t) => void sent.push(t)) }
  }
  it('opens one and shuts the other', async () => {
    const { own, sent, voices } = sit()
    await voices.speakInto('second')
    expect([own.audio?.enabled, sent[0]?.enabled]).toEqual([false, true])
    await voices.speakInto('floor')
    expect([own.audio?.enabled, sent[0]?.enabled]).toEqual([true, false])
    await voices.speakInto('second')
    expect(sent).toHaveLength(1)
  })
  it('keeps both shut while the microphone is off', async () => {
    const { own, sent, voices } = sit()
    await voices.speakInto('second')
    own.mic = false
    voices.sort()
    expect([own.audio?.enabled, sent[0]?.enabled]).toEqual([false, false])
  })
  it('goes on in the same voice when the microphone is changed', async () => {
    const { own, sent, voices } = sit()
    await voices.speakInto('second')
    own.audio = track()
    voices.renew()
    expect(sent).toHaveLength(2)
    expect((sent[0] as unknown as { stopped: boolean }).stopped).toBe(true)
    expect([own.audio.enabled, sent[1]?.enabled]).toEqual([false, true])
  })
})

describe('a gallery cut off', () => {
  const court = () => {
    const said: Wish[] = []
    return { said, wish: vi.fn(async (w: Wish) => (said.push(w), true)) }
  }
  it('is sent out, by judge and clerk alike, and stays out until asked back', async () => {
    const room = court()
    await cutOff(room, 'a')
    await letBack(room, { participant: 'a' })
    expect(room.said).toEqual([{ type: 'place', participant: 'a', to: 'outside' }, { type: 'place', participant: 'a', to: 'gallery' }])
  })
})

const seat = (id: string, area: string, more: Partial<Seat> = {}) => ({ participant: id, name: id, role: 'party', area, place: 'courtroom', connected: true, ...more }) as Seat
describe('the plan of the court', () => {
  it('keeps an empty place for whoever talks in private', () => {
    const named = [{ id: 'p', area: 'left', role: 'party', name: '原告', plate: '原告', plate_en: 'Plaintiff', mode: 'online' }] as HearingSeat[]
    expect(planOf(withAbsent([seat('d', 'right')], named as never)).left.map((s) => [s.participant, s.connected])).toEqual([['p', false]])
    expect(planOf(withAbsent([seat('p', 'left')], named as never)).left).toHaveLength(1)
  })
  it('shows large in a private room who is in it', () => {
    const seats = [seat('me', 'left', { place: 'private_room' }), seat('counsel', 'left', { place: 'private_room' }), seat('judge', 'bench', { role: 'sole_judge' })]
    expect(largeOne(seats, 'me', null, undefined, 'private_room')?.participant).toBe('counsel')
    expect(largeOne(seats, 'x', null, undefined)?.participant).toBe('judge')
  })
})

describe('special measures', () => {
  const p = (id: string, area: string, more: Partial<HearingSeat> = {}) => ({ id, area, name: id, role: 'party', own: false, ...more }) as HearingSeat
  it('keep one from the sides, never from the court or oneself', () => {
    const witness = p('w', 'stand')
    expect([p('w', 'stand'), p('j', 'bench'), p('c', 'clerk_desk'), p('d', 'right')].map((x) => mayBeScreened(witness, x))).toEqual([false, false, false, true])
  })
  it('are ordered as chosen; what was taken back is not in them', () => {
    expect(orderMeasures({ sight: { d: true, p: false }, sound: { d: true, p: true }, companion: ' 李阿姨 ', note: '' })).toEqual({ screens: [{ viewer_id: 'd', also_unheard: true }], companion: '李阿姨', note: undefined })
  })
  it('are the presiding judge’s to order, and said by names', () => {
    const h = { participants: [p('j', 'bench', { role: 'sole_judge', own: true }), p('d', 'right')] } as Hearing
    expect(orders(h)).toBe(true)
    expect(screenedFrom(h, { screens: [{ viewer_id: 'd', also_unheard: true }, { viewer_id: 'gone', also_unheard: false }] })).toEqual({ unseen: [], unheard: ['d'] })
  })
})
