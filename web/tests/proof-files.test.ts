import { describe, expect, it, vi } from 'vitest'
import type { DraftFile } from '@/api'
import type { AloneOptions } from '@/filing/upload/alone'
import { openProofs, type Sender } from '@/filing/upload/proofs'

const file = (name: string, size = 3) => new File(['x'.repeat(size)], name, { lastModified: 1 })
const taken = (f: File) => ({ id: `id-${f.name}`, name: f.name, state: 'accepted' }) as DraftFile
const settled = () => vi.waitFor(() => undefined).then(() => new Promise((r) => setTimeout(r, 0)))
/** A sender whose files arrive when the test says so. */
function slow() {
  const waiting: { file: File; options: AloneOptions; arrive: () => void; fail: (e: unknown) => void }[] = []
  const send: Sender = (f, options) => new Promise((resolve, reject) => waiting.push({ file: f, options, arrive: () => resolve(taken(f)), fail: reject }))
  return { waiting, send }
}

describe('the files that go with an application', () => {
  it('go one after the other, in the order they were chosen', async () => {
    const { waiting, send } = slow()
    const p = openProofs(send)
    p.add([file('a.pdf'), file('b.jpg')])
    expect(p.files.map((f) => f.state)).toEqual(['sending', 'waiting'])
    expect([waiting.length, p.busy.value]).toEqual([1, true])
    waiting[0]?.options.arrived?.(1, 4)
    expect(p.files[0]?.share).toBe(0.25)
    waiting[0]?.arrive()
    await settled()
    expect(p.files.map((f) => f.state)).toEqual(['done', 'sending'])
    waiting[1]?.arrive()
    await settled()
    expect([p.ids.value, p.busy.value]).toEqual([['id-a.pdf', 'id-b.jpg'], false])
  })
  it('are not taken twice, and not more than the court takes', async () => {
    const p = openProofs((f) => Promise.resolve(taken(f)), 2)
    p.add([file('a.pdf'), file('a.pdf')])
    p.add([file('a.pdf'), file('b.pdf'), file('c.pdf')])
    expect([p.files.map((f) => f.file.name), p.over.value]).toEqual([['a.pdf', 'b.pdf'], 1])
    p.remove(p.files[0]?.id ?? 0)
    expect(p.over.value).toBe(0)
    p.add([file('a.pdf', 9)])
    await settled()
    expect(p.ids.value).toEqual(['id-b.pdf', 'id-a.pdf'])
  })
  it('a refused one keeps what the court said, and holds nobody up', async () => {
    let broken = true
    const p = openProofs((f) => (f.name === 'bad.exe' && broken ? Promise.reject(new Error('no')) : Promise.resolve(taken(f))))
    p.add([file('bad.exe'), file('good.pdf')])
    await settled()
    expect(p.files.map((f) => f.state)).toEqual(['failed', 'done'])
    expect([p.failed.value.length, p.ids.value, (p.failed.value[0]?.error as Error).message]).toEqual([1, ['id-good.pdf'], 'no'])
    broken = false
    p.again(p.files[0]?.id ?? 0)
    await settled()
    expect([p.failed.value, p.ids.value]).toEqual([[], ['id-bad.exe', 'id-good.pdf']])
  })
  it('one left out stops, and so do all when the page goes', async () => {
    const { waiting, send } = slow()
    const p = openProofs(send)
    p.add([file('a.pdf'), file('b.pdf')])
    p.remove(p.files[0]?.id ?? 0)
    expect(waiting[0]?.options.signal?.aborted).toBe(true)
    waiting[0]?.fail(new DOMException('left out', 'AbortError'))
    await settled()
    expect(p.files.map((f) => [f.file.name, f.state])).toEqual([['b.pdf', 'sending']])
    p.clear()
    expect([waiting[1]?.options.signal?.aborted, p.files.length, p.busy.value]).toEqual([true, 0, false])
  })
})
