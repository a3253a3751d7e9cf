import { beforeEach, describe, expect, it, vi } from 'vitest'
import { UploadQueue, backoff, nextPart, sentBytes, type Kept, type QueuePorts, type Task, type UploadInfo } from '@/filing/upload/queue'

const PART = 10
const file = (name: string, size: number, lastModified = 1) => new File([new Uint8Array(size)], name, { lastModified })

function court() {
  const uploads = new Map<string, UploadInfo>()
  const state = { fails: 0, gone: false, refuse: false, online: true, puts: [] as string[], waits: [] as number[], kept: [] as Kept[], finished: [] as string[], busy: 0, most: 0 }
  const ports: QueuePorts<string> = {
    start: async (f) => {
      const u = { id: `u-${f.name}-${uploads.size}`, part_bytes: PART, parts: Math.max(1, Math.ceil(f.size / PART)), received: [] as number[] }
      uploads.set(u.id, u)
      return structuredClone(u)
    },
    get: async (id) => {
      const u = uploads.get(id)
      if (!u) throw new Error('gone')
      return structuredClone(u)
    },
    put: async (id, n, _part, signal) => {
      state.busy++
      state.most = Math.max(state.most, state.busy)
      await Promise.resolve()
      state.busy--
      if (signal.aborted) throw new Error('aborted')
      if (state.gone) {
        state.gone = false
        uploads.delete(id)
        throw new Error('gone')
      }
      if (state.fails > 0) {
        state.fails--
        throw new Error('transient')
      }
      state.puts.push(`${id}#${n}`)
      uploads.get(id)?.received.push(n)
    },
    complete: async (id) => {
      if (state.refuse) throw new Error('refused')
      return `file of ${id}`
    },
    cancel: async (id) => void uploads.delete(id),
    sort: (e) => (['gone', 'refused'].includes((e as Error).message) ? ((e as Error).message as 'gone' | 'refused') : 'transient'),
    online: () => state.online,
    keep: (list) => (state.kept = structuredClone(list)),
    finished: (t: Task<string>) => void state.finished.push(t.name),
    wait: async (ms) => void state.waits.push(ms),
    now: () => Date.now(),
    id: (() => {
      let n = 0
      return () => `t${++n}`
    })(),
  }
  return { uploads, state, queue: new UploadQueue<string>(ports, []) }
}
const settle = () => new Promise((r) => setTimeout(r, 20))
beforeEach(() => void vi.useRealTimers())

describe('uploads', () => {
  it('sends part by part and says when it is done', async () => {
    const { queue, state } = court()
    const t = queue.add(file('a', 25))
    await settle()
    expect(state.puts).toEqual(['u-a-0#1', 'u-a-0#2', 'u-a-0#3'])
    expect(t.state).toBe('done')
    expect(state.finished).toEqual(['a'])
    expect(state.kept).toEqual([])
  })
  it('sends two at a time, the others wait', async () => {
    const { queue, state } = court()
    for (const n of ['a', 'b', 'c', 'd']) queue.add(file(n, 30))
    expect(queue.tasks.map((t) => t.state)).toEqual(['sending', 'sending', 'waiting', 'waiting'])
    await settle()
    expect(state.most).toBeLessThanOrEqual(2)
    expect(state.finished.length).toBe(4)
  })
  it('repeats a failed part, waiting longer each time', async () => {
    const { queue, state } = court()
    state.fails = 3
    const t = queue.add(file('a', 15))
    await settle()
    expect(state.waits).toEqual([1000, 2000, 4000])
    expect(t.state).toBe('done')
    expect([backoff(1), backoff(99)]).toEqual([1000, 30000])
  })
  it('stops without network and goes on where it was when it is back', async () => {
    const { queue, state } = court()
    const t = queue.add(file('a', 25))
    state.online = false
    state.fails = 1
    await settle()
    expect(t.state).toBe('offline')
    state.online = true
    queue.wake()
    await settle()
    expect(t.state).toBe('done')
    expect(state.puts).toEqual(['u-a-0#1', 'u-a-0#2', 'u-a-0#3'])
  })
  it('resumes after a reload with the same file, sending only what lacks', async () => {
    const { queue, state, uploads } = court()
    uploads.set('old', { id: 'old', part_bytes: PART, parts: 3, received: [1, 3] })
    await queue.restore([{ id: 'x', name: 'a', size: 25, lastModified: 1, target: { evidence: 'e1' }, upload: 'old' }])
    const t = queue.tasks[0] as Task<string>
    expect([t.state, sentBytes(t)]).toEqual(['needs_file', 15])
    expect(queue.give(t.id, file('b', 25))).toBe(false)
    queue.add(file('a', 25))
    await settle()
    expect(queue.tasks.length).toBe(1)
    expect(state.puts).toEqual(['old#2'])
    expect([t.state, t.target.evidence]).toEqual(['done', 'e1'])
  })
  it('needs no file when every part had arrived', async () => {
    const { queue, state, uploads } = court()
    uploads.set('old', { id: 'old', part_bytes: PART, parts: 2, received: [1, 2] })
    await queue.restore([{ id: 'x', name: 'a', size: 15, lastModified: 1, target: {}, upload: 'old' }])
    await settle()
    expect([queue.tasks[0]?.state, state.puts]).toEqual(['done', []])
  })
  it('forgets an upload the court no longer knows', async () => {
    const { queue } = court()
    await queue.restore([{ id: 'x', name: 'a', size: 25, lastModified: 1, target: {}, upload: 'expired' }])
    expect(queue.tasks).toEqual([])
  })
  it('begins again when the upload expired on the way', async () => {
    const { queue, state } = court()
    state.gone = true
    const t = queue.add(file('a', 15))
    await settle()
    expect(t.state).toBe('done')
    expect(state.puts).toEqual(['u-a-0#1', 'u-a-0#2'])
    expect(state.waits).toEqual([1000])
  })
  it('shows a refusal and leaves the other files alone', async () => {
    const { queue, state } = court()
    state.refuse = true
    const bad = queue.add(file('a', 5))
    await settle()
    state.refuse = false
    const good = queue.add(file('b', 5))
    await settle()
    expect([bad.state, good.state]).toEqual(['rejected', 'done'])
    expect((bad.error as Error).message).toBe('refused')
  })
  it('pauses, remembers, goes on', async () => {
    const { queue, state } = court()
    const t = queue.add(file('a', 45))
    await Promise.resolve()
    await Promise.resolve()
    queue.pause(t.id)
    await settle()
    expect(t.state).toBe('paused')
    expect(state.kept.map((k) => k.name)).toEqual(['a'])
    queue.resume(t.id)
    await settle()
    expect(t.state).toBe('done')
  })
  it('knows the next part', () => {
    expect(nextPart({ id: '', part_bytes: 1, parts: 3, received: [1, 2] })).toBe(3)
    expect(nextPart({ id: '', part_bytes: 1, parts: 2, received: [2, 1] })).toBeNull()
  })
})
