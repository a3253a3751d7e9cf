import { beforeEach, describe, expect, it } from 'vitest'
import { ApiProblem, type TemplateCheck } from '@/api'
import { loadUnsent, storeUnsent, TemplateDraft, type DraftState, type Unsent } from '@/desk/templates/draft'
import { faultsOf, indentAt, lineDiff, offsetOf, onlyChanges } from '@/desk/templates/lines'

const refusal = (status: number, more = {}) =>
  new ApiProblem({ type: 'about:blank', title: '', title_en: '', status, code: status === 412 ? 'version.stale' : 'x', detail: '', detail_en: '', cure: '', cure_en: '', request_id: '', ...more })

/** A draft with a court of its own: what it holds, and what was said to the screen. */
function desk(answer?: (version: number, source: string) => Promise<TemplateCheck>) {
  const at = { text: 'a', court: 'a', version: 3, kept: null as Omit<Unsent, 'at'> | null, states: [] as DraftState[], sent: [] as [number, string][], waits: [] as (() => void)[] }
  const draft = new TemplateDraft({
    read: () => at.text,
    send: async (version, source) => {
      at.sent.push([version, source])
      if (answer) return answer(version, source)
      if (version !== at.version) throw refusal(412)
      at.court = source
      return { ok: true, faults: [], version: ++at.version }
    },
    keep: (u) => (at.kept = u),
    sort: (e) => ((e as ApiProblem).status === 412 ? 'stale' : (e as ApiProblem).status === 503 ? 'transient' : 'refused'),
    changed: (state) => at.states.push(state),
    later: (act) => {
      at.waits.push(act)
      return () => (at.waits = at.waits.filter((w) => w !== act))
    },
  }, 'a', 3)
  return { at, draft }
}

describe('a draft', () => {
  it('is kept here while it is not there, and sent after a pause', async () => {
    const { at, draft } = desk()
    at.text = 'ab'
    draft.touch()
    expect(at.kept).toEqual({ version: 3, mine: 'ab' })
    expect(at.waits).toHaveLength(1)
    expect(await draft.flush()).toBe(true)
    expect([at.court, at.kept, draft.dirty]).toEqual(['ab', null, false])
    expect(at.states).toEqual(['waiting', 'saving', 'saved'])
  })
  it('sends what was typed meanwhile too', async () => {
    const { at, draft } = desk(async (version, source) => {
      if (source === 'ab') at.text = 'abc'
      return { ok: true, faults: [], version: version + 1 }
    })
    at.text = 'ab'
    await draft.flush()
    expect(at.sent).toEqual([[3, 'ab'], [4, 'abc']])
    expect(draft.dirty).toBe(false)
  })
  it('stops at another one\'s words and sends nothing until a person chose', async () => {
    const { at, draft } = desk()
    at.version = 9
    at.court = 'theirs'
    at.text = 'mine'
    expect(await draft.flush()).toBe(false)
    expect([at.states.at(-1), draft.conflict, at.kept?.mine, at.court]).toEqual(['conflict', true, 'mine', 'theirs'])
    at.text = 'mine, longer'
    draft.touch()
    await draft.flush()
    expect(at.sent).toHaveLength(1)
    expect(at.kept?.mine).toBe('mine, longer')
    expect(await draft.keepMine(9)).toBe(true)
    expect([at.court, draft.conflict]).toEqual(['mine, longer', false])
  })
  it('takes the other one\'s words when told to', async () => {
    const { at, draft } = desk()
    at.version = 9
    at.text = 'mine'
    await draft.flush()
    at.text = 'theirs'
    draft.takeTheirs(9, 'theirs')
    expect([draft.dirty, at.kept, at.states.at(-1)]).toEqual([false, null, 'saved'])
    at.text = 'mine'
    expect(await draft.flush()).toBe(true)
    expect(at.sent.at(-1)).toEqual([9, 'mine'])
  })
  it('tries again by itself when nobody answered, and keeps the words', async () => {
    const { at, draft } = desk(() => Promise.reject(refusal(503)))
    at.text = 'ab'
    expect(await draft.flush()).toBe(false)
    expect([at.states.at(-1), at.kept?.mine, at.waits.length]).toEqual(['unreachable', 'ab', 1])
  })
  it('is not sent beyond 64 KB, and not lost', async () => {
    const { at, draft } = desk()
    at.text = '字'.repeat(22_000)
    draft.touch()
    expect(await draft.flush()).toBe(false)
    expect([at.states.at(-1), at.sent.length, at.kept?.mine.length]).toEqual(['too_long', 0, 22_000])
  })
  it('typed back to what it was is saved', () => {
    const { at, draft } = desk()
    at.text = 'ab'
    draft.touch()
    at.text = 'a'
    draft.touch()
    expect([at.kept, at.waits.length, at.states.at(-1)]).toEqual([null, 0, 'saved'])
  })
})

describe('what waits in the browser', () => {
  beforeEach(() => localStorage.clear())
  it('comes back, and broken words do not', () => {
    storeUnsent('p', 1, 'summons', { version: 2, mine: 'x', at: 't' })
    expect(loadUnsent('p', 1, 'summons')?.mine).toBe('x')
    expect(loadUnsent('p', 2, 'summons')).toBeNull()
    localStorage.setItem('lianting.template.p.1.summons', '{"mine":')
    expect(loadUnsent('p', 1, 'summons')).toBeNull()
  })
})

describe('lines', () => {
  it('of two sources are told apart', () => {
    const d = lineDiff('a\nb\nc\nd', 'a\nx\nc\nd\ne')
    expect(d.map((l) => `${l.kind[0]}${l.text}`)).toEqual(['sa', 'lb', 'rx', 'sc', 'sd', 're'])
    expect(d[2]).toEqual({ kind: 'right', text: 'x', right: 2 })
    expect(d[3]).toEqual({ kind: 'same', text: 'c', left: 3, right: 3 })
    expect(lineDiff('a\nb', 'a\nb').every((l) => l.kind === 'same')).toBe(true)
  })
  it('give both sources back', () => {
    const [a, b] = ['q\nw\ne\nr\nt\ny', 'w\nq\ne\nt\nr\ny\nu']
    const d = lineDiff(a ?? '', b ?? '')
    expect(d.filter((l) => l.kind !== 'right').map((l) => l.text).join('\n')).toBe(a)
    expect(d.filter((l) => l.kind !== 'left').map((l) => l.text).join('\n')).toBe(b)
  })
  it('far from a change are counted, not shown', () => {
    const many = Array.from({ length: 20 }, (_, i) => `l${i}`)
    const d = onlyChanges(lineDiff(many.join('\n'), [...many.slice(0, 10), 'new', ...many.slice(10)].join('\n')))
    expect(d[0]).toEqual({ kind: 'gap', n: 7 })
    expect(d.filter((l) => l.kind !== 'gap')).toHaveLength(7)
  })
  it('lead to a place in the text', () => {
    expect(offsetOf('ab\ncde\nf', 2)).toBe(3)
    expect(offsetOf('ab\ncde\nf', 99)).toBe(7)
    expect(indentAt('  if x {\n    y', 14)).toBe('    ')
    expect(indentAt('abc', 3)).toBe('')
  })
  it('at fault are read from a refusal', () => {
    const faulty = (detail_en: string) => faultsOf(refusal(422, { code: 'template.faulty', field: '/source', detail_en }))
    expect(faulty('Line 3: unknown variable\nhint: x')).toEqual([{ line: 3, message: 'unknown variable\nhint: x' }])
    expect(faulty('cannot be set')).toEqual([{ line: 1, message: 'cannot be set' }])
    expect(faultsOf(refusal(422, { detail_en: 'Line 3: of another refusal' }))).toEqual([])
  })
})
