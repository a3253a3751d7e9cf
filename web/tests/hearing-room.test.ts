import { describe, expect, it, vi } from 'vitest'
import { MOST_NOTICES, centreOf, centred, clockOf, forward, largeOne, nextStage, planOf, recordingLook, stagesOf, stillTrue, withNotice } from '@/hearing/room/course'
import { MOST_MARKS, boxOf, pointOf, thinned, undone, withMark } from '@/hearing/room/marks'
import { relayed } from '@/hearing/room/relay'
import { heardIn, msOf, speakersIn, termsOf } from '@/hearing/record/terms'
import { cut, joined, lastOf, placeOf, withNews } from '@/hearing/record/merge'
import { MOST_POINTS, MOST_STROKES, Strokes, WIDE, placeIn } from '@/hearing/sign/strokes'
import type { Entry, MarkOnPage, RecordingSaid, Seat, Transcript } from '@/hearing/types'

const seat = (participant: string, more: Partial<Seat> = {}): Seat => ({
  participant, name: participant, role: 'party', plate: '', plate_en: '', area: 'left', in_court: false, place: 'courtroom', connected: true,
  hand: false, locked: false, sharing: false, called: false, excluded: false, audio: true, video: true, screen: false, speaking: false, ...more,
})

describe('the course on the page', () => {
  it('has the stages of its kind, and one step in front', () => {
    expect(stagesOf('trial', 'ordinary')[2]).toBe('evidence')
    expect(stagesOf('trial', 'element_style')).toContain('element')
    expect(stagesOf('something', 'x')).toEqual(['opening'])
    expect(nextStage(['opening', 'evidence'], 'opening')).toBe('evidence')
    expect(nextStage(['opening', 'evidence'], 'evidence')).toBeNull()
    expect(forward('waiting', ['open', 'cancel'], null)).toBe('open')
    expect(forward('open', ['enter', 'adjourn', 'end'], 'debate')).toBe('enter')
    expect(forward('open', ['adjourn', 'end'], null)).toBe('end')
    expect(forward('suspended', ['adjourn', 'resume'], null)).toBe('resume')
    expect(forward('waiting', [], null)).toBeNull()
  })
  it('seats people as the court does, and names a waiting witness without a picture', () => {
    const plan = planOf([
      seat('clerk', { area: 'clerk_desk', role: 'clerk' }), seat('judge', { area: 'bench', role: 'sole_judge' }), seat('aide', { area: 'clerk_desk', role: 'judge_assistant' }),
      seat('plaintiff', { hand: true, hand_at: '2026-01-01T00:00:02Z' }), seat('defendant', { area: 'right', hand: true, hand_at: '2026-01-01T00:00:01Z' }),
      seat('witness', { area: 'stand', role: 'witness', place: 'witness_room' }), seat('watcher', { area: 'gallery', place: 'gallery' }),
    ])
    expect(plan.bench.map((s) => s.participant)).toEqual(['clerk', 'judge', 'aide'])
    expect(plan.waiting.map((s) => s.participant)).toEqual(['witness'])
    expect(plan.stand).toEqual([])
    expect(plan.hands.map((s) => s.participant)).toEqual(['defendant', 'plaintiff'])
    expect(plan.gallery.length).toBe(1)
    expect(centred([]).length).toBe(0)
  })
  it('shows who speaks, never oneself, and does not jump in a pause', () => {
    const seats = [seat('judge', { area: 'bench', role: 'sole_judge' }), seat('a', { speaking: true }), seat('b'), seat('me', { speaking: true })]
    expect(largeOne(seats, 'me', null, undefined)?.participant).toBe('a')
    expect(largeOne(seats, 'me', 'b', undefined)?.participant).toBe('b')
    expect(largeOne(seats.map((s) => ({ ...s, speaking: false })), 'me', null, 'a')?.participant).toBe('a')
    expect(largeOne(seats.map((s) => ({ ...s, speaking: false })), 'me', null, undefined)?.participant).toBe('judge')
  })
  it('says of the recording what the recorder says', () => {
    const said = (more: Partial<RecordingSaid>): RecordingSaid => ({ type: 'recording', on: true, ready: true, age_ms: 800, ...more })
    expect(recordingLook(undefined, 'open', 0)).toBe('idle')
    expect(recordingLook(said({}), 'open', 0)).toBe('on')
    expect(recordingLook(said({ on: false }), 'open', 0)).toBe('lost')
    expect(recordingLook(said({ age_ms: 7_000 }), 'open', 0)).toBe('lost')
    expect(recordingLook(said({}), 'open', 13_000)).toBe('lost')
    expect(recordingLook(said({ on: false, pause: 'adjourned' }), 'adjourned', 0)).toBe('paused')
    expect(recordingLook(said({ on: false, pause: 'mediation' }), 'mediation', 0)).toBe('paused')
    expect(recordingLook(said({ on: false }), 'ended', 0)).toBe('idle')
  })
  it('counts hours', () => expect([clockOf(2_538_000), clockOf(-5), clockOf(360_000_000)]).toEqual(['00:42:18', '00:00:00', '100:00:00']))
})

describe('marks', () => {
  const page = { left: 100, top: 50, width: 500, height: 700 }
  it('are the same place on every screen, and inside the page', () => {
    expect(pointOf(100, 50, page)).toEqual([0, 0])
    expect(pointOf(350, 400, page)).toEqual([500, 500])
    expect(pointOf(225, 225, { left: 100, top: 50, width: 250, height: 350 })).toEqual(pointOf(350, 400, page))
    expect(pointOf(-10, 9_999, page)).toEqual([0, 1000])
    expect(pointOf(1, 1, { ...page, width: 0 })).toEqual([0, 0])
  })
  it('have corners in any order and are nothing when nothing was drawn', () => {
    expect(boxOf([500, 600], [100, 200])).toEqual([[100, 200], [500, 600]])
    expect(boxOf([100, 100], [102, 400])).toBeNull()
  })
  it('are thinned to what the court takes, ends kept', () => {
    const many = Array.from({ length: 3_000 }, (_, i): [number, number] => [i % 1000, (i * 7) % 1000])
    const out = thinned(many)
    expect(out.length).toBeLessThanOrEqual(400)
    expect(out[0]).toEqual(many[0])
    expect(out.at(-1)).toEqual(many.at(-1))
    expect(thinned([[1, 1], [1, 2], [1, 1]]).length).toBe(1)
  })
  it('are few, the pointer is one, and the last of the page is undone', () => {
    const mark = (page: number, kind: MarkOnPage['kind'] = 'box'): MarkOnPage => ({ page, kind, points: [] })
    let marks: MarkOnPage[] = []
    for (let i = 0; i < 60; i++) marks = withMark(marks, mark(1))
    expect(marks.length).toBe(MOST_MARKS)
    marks = withMark(withMark([mark(1), mark(2)], mark(1, 'point')), mark(1, 'point'))
    expect(marks.filter((m) => m.kind === 'point').length).toBe(1)
    expect(undone(marks, 1).some((m) => m.page === 1 && m.kind === 'box')).toBe(false)
    expect(undone(marks, 9)).toBe(marks)
  })
  it('go out at once, then seldom, the last for certain', () => {
    vi.useFakeTimers()
    const sent: number[] = []
    const go = relayed<number>(100, (n) => sent.push(n))
    for (let i = 1; i <= 30; i++) go(i)
    expect(sent).toEqual([1])
    vi.advanceTimersByTime(100)
    expect(sent).toEqual([1, 30])
    vi.useRealTimers()
  })
})

describe('the record kept by a page', () => {
  const entry = (id: string, rev: number, more: Partial<Entry> = {}): Entry => ({ id, position: rev, section: 'claims', speaker_name: '', text: id, unchecked: false, version: 1, struck: false, changed_at: '', changed_by_me: false, rev, ...more })
  it('keeps the newest of each entry, in order, without what was struck', () => {
    const had = [entry('a', 1), entry('b', 2)]
    expect(joined(had, [entry('b', 5, { text: 'B', position: 2 }), entry('c', 4, { position: 0 })]).map((e) => e.text)).toEqual(['c', 'a', 'B'])
    expect(joined(had, [entry('b', 1, { text: 'old' })]).map((e) => e.text)).toEqual(['a', 'b'])
    expect(joined(had, [entry('a', 9, { struck: true })]).map((e) => e.id)).toEqual(['b'])
    expect(lastOf(had, 'claims')).toBe('b')
    expect(lastOf(had, 'debate')).toBeUndefined()
  })
  it('takes news in, and another beginning anew', () => {
    const t = (rev: number, entries: Entry[]) => ({ begun: true, rev, entries, objections: [], sections: [] }) as unknown as Transcript
    const had = t(2, [entry('a', 1)])
    expect(withNews(had, t(3, [entry('b', 3)])).entries.length).toBe(2)
    expect(withNews(had, t(1, [entry('z', 1)])).entries.map((e) => e.id)).toEqual(['z'])
  })
  it('finds what an objection is about, by signs', () => {
    expect(cut('原告𠮷野说是', { quote: '说是', from: 4 })).toEqual(['原告𠮷野', '说是', ''])
    expect(cut('原告', { quote: '被告', from: 0 })).toBeNull()
    expect(placeOf('𠮷野说', '说')).toBe(2)
  })
})

describe('strokes of a signature', () => {
  it('are whole numbers in the box, with times from the first point', () => {
    const s = new Strokes()
    s.begin(10.4, 20.6, 5_000)
    s.move(-5, 20_000, 5_016.7)
    s.move(-5, 20_000, 5_030)
    s.end(5_040)
    expect(s.strokes).toEqual([[10, 21, 0, 0, WIDE, 17]])
    expect(placeIn(250, 100, { left: 50, top: 50, width: 400 })).toEqual([5_000, 1_250])
  })
  it('make a dot of a touch, and are undone', () => {
    const s = new Strokes()
    s.begin(1, 1, 0)
    s.end(80)
    expect(s.strokes).toEqual([[1, 1, 0, 1, 1, 80]])
    s.undo()
    expect([s.strokes.length, s.points]).toEqual([0, 0])
    s.move(5, 5, 5)
    expect(s.strokes.length).toBe(0)
  })
  it('never grow beyond what the court takes', () => {
    const s = new Strokes()
    for (let i = 0; i < MOST_STROKES + 50; i++) {
      s.begin(i, i, i)
      s.end(i)
    }
    expect([s.strokes.length, s.full]).toEqual([MOST_STROKES, true])
    s.clear()
    s.begin(0, 0, 0)
    for (let i = 1; i < MOST_POINTS + 500; i++) s.move(i % WIDE, (i * 3) % WIDE, i)
    expect([s.points, s.full]).toEqual([MOST_POINTS, true])
    expect(s.strokes.every((x) => x.length % 3 === 0)).toBe(true)
  })
  it('know a name from a slip of the finger', () => {
    const s = new Strokes()
    s.begin(0, 0, 0)
    for (let i = 0; i < 20; i++) s.move(i, i, i)
    expect(s.enough).toBe(false)
    for (let i = 0; i < 20; i++) s.move(i * 100, i * 50, 20 + i)
    expect(s.enough).toBe(true)
  })
})

describe('what the court adds to the room', () => {
  it('lays the table before who speaks, and everybody alike only when chosen', () => {
    expect([centreOf('speaker', false), centreOf('speaker', true), centreOf('evidence', false), centreOf('equal', true), centreOf('bench', true)]).toEqual(['speaker', 'table', 'table', 'grid', 'bench'])
  })
  it('keeps one notice of somebody gone, the one that says most, until the person is back', () => {
    const gone = { key: 'disconnected-a', kind: 'disconnected', participant: 'a', at: 1 }
    const drop = { key: 'dropout-a', kind: 'dropout', participant: 'a', at: 2, cause: 'network', sure: 60 }
    const lost = { key: 'recording_lost-', kind: 'recording_lost', at: 3 }
    expect(withNotice([gone], drop)).toEqual([drop])
    expect(withNotice([drop], gone)).toEqual([drop])
    expect(withNotice(withNotice([], drop), lost)).toEqual([drop, lost])
    expect(stillTrue([drop, lost], [{ participant: 'a', connected: true }])).toEqual([lost])
    expect(stillTrue([drop], [{ participant: 'a', connected: false }])).toEqual([drop])
    const many = Array.from({ length: 9 }, (_, i) => ({ key: `poor_line-${i}`, kind: 'poor_line', participant: String(i), at: i }))
    expect(many.reduce(withNotice, [] as typeof many).length).toBe(MOST_NOTICES)
  })
})
describe('what is read out of a text', () => {
  it('makes terms of lines and leaves their numbers out', () => {
    expect(termsOf('一、被告还款。\n\n2. 受理费由被告负担\n（三）各方无其他争议\n第四条 签字后生效')).toEqual(['被告还款。', '受理费由被告负担', '各方无其他争议', '签字后生效'])
    expect(termsOf(' \n')).toEqual([])
  })
  it('names the speakers of imported notes, each once', () => {
    expect(speakersIn('【举证质证】\n审判员：请出示。\n原告: 好。\n审判员：请质证。\n没有人说的话')).toEqual(['审判员', '原告'])
  })
  it('reads a clock of the hearing', () => {
    expect([msOf('01:02:03'), msOf('2：05'), msOf(''), msOf('abc'), msOf('1:99')]).toEqual([3_723_000, 125_000, null, undefined, undefined])
  })
  it('hears a line in the whole picture, else in the speaker’s, else in anybody’s that is long enough', () => {
    const files = [{ kind: 'person', participant_id: 'a', millis: 5_000 }, { kind: 'person', participant_id: 'b', millis: 60_000 }]
    expect(heardIn(files, { speaker: 'b', media: { from_ms: 10_000 } })?.participant_id).toBe('b')
    expect(heardIn(files, { speaker: 'a', media: { from_ms: 10_000 } })?.participant_id).toBe('b')
    expect(heardIn([...files, { kind: 'mosaic' }], { speaker: 'b', media: { from_ms: 1 } })?.kind).toBe('mosaic')
    expect(heardIn(files, { speaker: 'b' })).toBeUndefined()
  })
})
