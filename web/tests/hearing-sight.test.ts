import { describe, expect, it, vi } from 'vitest'
import { courtSide, heldElsewhere, isClerk, layerOf, maySee, opensItself, othersSeen, pictureOf, placeToSpeak, streamIn } from '@/hearing/before/sight'
import type { DeskSeat } from '@/hearing/before/types'
import { RoomClient, type Deps, type Listener } from '@/hearing/media/client'
import { HINTS, MOVED } from '@/hearing/media/hints'
import type { Flow } from '@/hearing/media/peers'
import { carried, carry } from '@/hearing/media/switches'
import type { HearingState, Seat } from '@/hearing/types'

const seat = (participant: string, more: Partial<Seat> = {}): Seat => ({
  participant, name: participant, role: 'party', plate: '', plate_en: '', area: 'left', in_court: false, place: 'waiting_room', connected: true,
  hand: false, locked: false, sharing: false, called: false, excluded: false, audio: true, video: true, screen: false, speaking: false, ...more,
})
const flow = (participant: string, kind: Flow['kind'] = 'video'): Flow => ({ participant, kind, stream: { of: `${participant}/${kind}` } as unknown as MediaStream })
const clerk = (more: Partial<Seat> = {}) => seat('clerk', { role: 'clerk', area: 'clerk_desk', place: 'courtroom', audio: false, video: false, ...more })

describe('what the desk shows of a person', () => {
  it('tells a picture from a hidden camera, an empty seat and one on its way', () => {
    const stream = flow('a').stream
    expect(pictureOf(undefined, null)).toBe('away')
    expect(pictureOf(seat('a', { connected: false }), stream)).toBe('away')
    // a stream whose sender turned the camera off is black: it is not shown
    expect(pictureOf(seat('a', { video: false }), stream)).toBe('hidden')
    expect(pictureOf(seat('a'), null)).toBe('coming')
    expect(pictureOf(seat('a'), stream)).toBe('live')
  })
  it('asks for the large layer of the chosen one alone', () => expect([layerOf('a', 'a'), layerOf('b', 'a'), layerOf('b', undefined)]).toEqual([2, 0, 0]))
  it('opens by itself only where it was opened before, while people wait, and takes nobody’s seat', () => {
    const x = { state: 'waiting' as HearingState, before: true, elsewhere: false }
    expect(opensItself(x)).toBe(true)
    expect(opensItself({ ...x, before: false })).toBe(false)
    expect(opensItself({ ...x, elsewhere: true })).toBe(false)
    for (const state of ['scheduled', 'open', 'adjourned', 'ended', 'locked'] as HearingState[]) expect(opensItself({ ...x, state })).toBe(false)
    expect(maySee(undefined)).toBe(false)
  })
  it('knows that another page holds the own seat', () => {
    const items = [{ participant_id: 'clerk', connected: true }, { participant_id: 'a', connected: true }] as DeskSeat[]
    expect(heldElsewhere(items, 'clerk', false)).toBe(true)
    expect(heldElsewhere(items, 'clerk', true)).toBe(false)
    expect(heldElsewhere(items, undefined, false)).toBe(false)
    expect(heldElsewhere([{ participant_id: 'clerk', connected: false }] as DeskSeat[], 'clerk', false)).toBe(false)
  })
  it('goes to the waiting room for a witness, and for nobody else', () => {
    expect(placeToSpeak({ place: 'witness_room' } as DeskSeat)).toBe('waiting_room')
    expect(placeToSpeak({ place: 'waiting_room' } as DeskSeat)).toBe('courtroom')
    expect(placeToSpeak(undefined)).toBe('courtroom')
  })
})

describe('what one who waits sees of the court', () => {
  it('says in turn that nobody is there, that the clerk is, is seen, speaks', () => {
    expect(courtSide([seat('me')], []).side).toBe('nobody')
    expect(courtSide([clerk({ connected: false })], []).side).toBe('nobody')
    expect(courtSide([clerk()], [flow('clerk')])).toMatchObject({ side: 'there', stream: null })
    expect(courtSide([clerk({ video: true })], [flow('clerk')])).toMatchObject({ side: 'seen', stream: { of: 'clerk/video' } })
    expect(courtSide([clerk({ video: true, audio: true })], [flow('clerk')]).side).toBe('speaks')
    expect(courtSide([clerk({ audio: true })], [])).toMatchObject({ side: 'speaks', stream: null })
  })
  it('takes the assistant who speaks before the clerk who does not', () => {
    expect(isClerk({ role: 'judge_assistant' })).toBe(true)
    expect(courtSide([clerk(), clerk({ participant: 'aide', role: 'judge_assistant', audio: true })], []).clerk?.participant).toBe('aide')
  })
  it('shows the other side only while it flows, and never oneself', () => {
    const seats = [seat('me'), seat('b'), clerk({ video: true })]
    expect(othersSeen(seats, [], 'me')).toEqual([])
    expect(othersSeen(seats, [flow('me'), flow('b'), flow('clerk'), flow('b', 'audio')], 'me').map((x) => x.seat.participant)).toEqual(['b'])
    expect(othersSeen([seat('b', { video: false })], [flow('b')], 'me')).toEqual([])
    expect(streamIn([flow('b', 'audio')], 'b', 'video')).toBeNull()
  })
})

describe('from the waiting page to the room', () => {
  it('carries the switches once', () => {
    carry('h', { mic: false, cam: true })
    expect(carried('h')).toEqual({ mic: false, cam: true })
    expect(carried('h')).toEqual({ mic: true, cam: true })
  })
  it('hints everything the plain socket of those who wait hinted', () => {
    for (const [said, what] of [['chat', 'hearing-messages'], ['delay', 'hearing'], ['identity', 'hearing-identity'], ['identity', 'hearing-desk'], ['ack', 'hearing-desk'], ['test', 'hearing-desk'], ['request', 'hearing-requests']] as const)
      expect(HINTS[said], said).toContain(what)
    expect(MOVED).toEqual(expect.arrayContaining(['hearing', 'hearing-desk']))
  })
  it('steps over without leaving: the seat stays, and no line comes back', async () => {
    const sent: string[] = []
    const socket = { readyState: 1, send: (s: string) => sent.push((JSON.parse(s) as { type: string }).type), close: vi.fn(), onopen: null, onmessage: null, onclose: null }
    const deps = { pass: vi.fn(async () => ({})), socket: () => socket, peer: () => ({ close() {} }), now: () => 0, every: () => () => undefined, visible: () => true, battery: () => undefined } as unknown as Deps
    const to = { said: vi.fn(), flows: vi.fn(), lost: vi.fn(), figures: vi.fn(), ended: vi.fn() } satisfies Listener
    const client = new RoomClient(deps, to)
    client.start(true)
    await vi.waitFor(() => expect(socket.onmessage).not.toBeNull())
    client.stepOver()
    expect(sent).toEqual(['closing'])
    expect(client.over).toBe(true)
    expect(socket.close).toHaveBeenCalledOnce()
    expect(to.ended).toHaveBeenCalledWith('left', undefined)
    expect(deps.pass).toHaveBeenCalledOnce()
  })
})
