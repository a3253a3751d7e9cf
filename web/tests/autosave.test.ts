import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Autosave, type AutosavePorts, type Unsent } from '@/filing/model/autosave'
import { applyPatch, type JsonObject } from '@/filing/model/json'

/** A court with one draft, and a screen in front of it. */
function table(base: JsonObject = { facts: 'a' }) {
  const court = { mute: false, refused: 0, version: 1, content: structuredClone(base), calls: 0, down: false, refuse: false, busy: 0, most: 0 }
  const screen = { now: structuredClone(base) as JsonObject }
  const kept: { last: Unsent | null } = { last: null }
  const states: string[] = []
  const ports: AutosavePorts = {
    read: () => structuredClone(screen.now),
    send: async (version, patch) => {
      court.calls++
      court.busy++
      court.most = Math.max(court.most, court.busy)
      await new Promise((r) => setTimeout(r, 50))
      court.busy--
      if (court.down) throw new Error('transient')
      if (court.refuse) throw new Error('refused')
      if (version !== court.version) {
        court.refused++
        throw new Error('stale')
      }
      court.content = applyPatch(court.content, patch) as JsonObject
      court.version++
      if (court.mute) throw new Error('transient')
      return { version: court.version, saved_at: 'now' }
    },
    fetch: async () => structuredClone({ version: court.version, content: court.content }),
    adopt: (c) => (screen.now = structuredClone(c)),
    keep: (u) => (kept.last = u),
    sort: (e) => (e as Error).message as 'stale' | 'transient' | 'refused',
    changed: (s) => states.push(s),
  }
  return { court, screen, kept, states, ports, save: new Autosave(ports, structuredClone(base), 1) }
}
beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('autosave', () => {
  it('waits for a pause and sends only the difference', async () => {
    const t = table({ facts: 'a', phone: '1' })
    t.screen.now.facts = 'ab'
    t.save.touch()
    await vi.advanceTimersByTimeAsync(300)
    t.screen.now.facts = 'abc'
    t.save.touch()
    await vi.advanceTimersByTimeAsync(2000)
    expect(t.court.calls).toBe(1)
    expect(t.court.content).toEqual({ facts: 'abc', phone: '1' })
    expect(t.kept.last).toBeNull()
  })
  it('keeps what is typed during a save, one save at a time', async () => {
    const t = table()
    t.screen.now.facts = 'b'
    const first = t.save.flush()
    await vi.advanceTimersByTimeAsync(10)
    t.screen.now.facts = 'c'
    const second = t.save.flush()
    await vi.advanceTimersByTimeAsync(1000)
    await Promise.all([first, second])
    expect(t.court.most).toBe(1)
    expect(t.court.content.facts).toBe('c')
    expect(t.save.dirty).toBe(false)
  })
  // proves: N19
  it('keeps everything in the device while the court cannot be reached, then sends it', async () => {
    const t = table()
    t.court.down = true
    t.screen.now.facts = 'offline'
    t.save.touch()
    await vi.advanceTimersByTimeAsync(1000)
    expect(t.states.at(-1)).toBe('unreachable')
    expect(t.kept.last?.mine).toEqual({ facts: 'offline' })
    t.court.down = false
    await vi.advanceTimersByTimeAsync(5000)
    expect(t.court.content.facts).toBe('offline')
    expect(t.kept.last).toBeNull()
  })
  it('takes the other window’s changes in and repeats its own', async () => {
    const t = table({ facts: 'a', phone: '1' })
    t.court.content = { facts: 'a', phone: '2' }
    t.court.version = 5
    t.screen.now.facts = 'mine'
    const done = t.save.flush()
    await vi.advanceTimersByTimeAsync(1000)
    expect(await done).toBe(true)
    expect(t.court.content).toEqual({ facts: 'mine', phone: '2' })
    expect(t.screen.now).toEqual({ facts: 'mine', phone: '2' })
  })
  it('sends once when several ask to save while a save is under way', async () => {
    const t = table()
    t.court.down = true
    t.screen.now.facts = 'b'
    const first = t.save.flush()
    const others = [t.save.flush(), t.save.flush(), t.save.flush()]
    await vi.advanceTimersByTimeAsync(50)
    t.court.down = false
    await vi.advanceTimersByTimeAsync(1000)
    expect(await Promise.all([first, ...others])).toEqual([false, true, true, true])
    expect(t.court.most).toBe(1)
    expect(t.court).toMatchObject({ calls: 2, refused: 0, content: { facts: 'b' } })
  })
  it('waits for what an earlier window was saving when it was left, and does not meet itself', async () => {
    const left = table()
    left.screen.now.facts = 'b'
    void left.save.flush()
    await vi.advanceTimersByTimeAsync(10)
    left.save.close()
    expect(left.kept.last).toMatchObject({ version: 1, mine: { facts: 'b' }, sent: true })
    // the new window read the draft before that save arrived
    left.screen.now = { facts: 'b' }
    const next = new Autosave(left.ports, { facts: 'a' }, 1)
    const done = next.resume()
    await vi.advanceTimersByTimeAsync(3000)
    expect(await done).toBe(true)
    expect(left.court.refused).toBe(0)
    expect(left.court.content).toEqual({ facts: 'b' })
    expect(left.kept.last).toBeNull()
  })
  it('sends itself what an earlier window never got off', async () => {
    const t = table()
    t.screen.now.facts = 'b'
    const done = t.save.resume()
    await vi.advanceTimersByTimeAsync(5000)
    expect(await done).toBe(true)
    expect(t.court).toMatchObject({ calls: 1, refused: 0, content: { facts: 'b' } })
  })
  it('looks what the court holds after an answer was lost', async () => {
    const t = table()
    t.court.mute = true
    t.screen.now.facts = 'b'
    t.save.touch()
    await vi.advanceTimersByTimeAsync(1000)
    expect(t.states.at(-1)).toBe('unreachable')
    t.court.mute = false
    await vi.advanceTimersByTimeAsync(5000)
    expect(t.court).toMatchObject({ calls: 1, refused: 0, content: { facts: 'b' } })
    expect(t.kept.last).toBeNull()
  })
  it('takes no older copy than it has saved itself', async () => {
    const t = table()
    t.screen.now.facts = 'b'
    const done = t.save.flush()
    await vi.advanceTimersByTimeAsync(100)
    await done
    expect(t.save.rebase({ facts: 'a' }, 1)).toBe(false)
    expect(t.save.held).toEqual({ facts: 'b' })
  })
  it('stops at a clear no, without losing the text', async () => {
    const t = table()
    t.court.refuse = true
    t.screen.now.facts = 'x'
    const done = t.save.flush()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(await done).toBe(false)
    expect(t.court.calls).toBe(1)
    expect(t.states.at(-1)).toBe('refused')
    expect(t.kept.last?.mine).toEqual({ facts: 'x' })
  })
})
