import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Autosave, type AutosavePorts, type Unsent } from '@/filing/model/autosave'
import { applyPatch, type JsonObject } from '@/filing/model/json'

/** A court with one draft, and a screen in front of it. */
function table(base: JsonObject = { facts: 'a' }) {
  const court = { version: 1, content: structuredClone(base), calls: 0, down: false, refuse: false, busy: 0, most: 0 }
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
      if (version !== court.version) throw new Error('stale')
      court.content = applyPatch(court.content, patch) as JsonObject
      return { version: ++court.version, saved_at: 'now' }
    },
    fetch: async () => structuredClone({ version: court.version, content: court.content }),
    adopt: (c) => (screen.now = structuredClone(c)),
    keep: (u) => (kept.last = u),
    sort: (e) => (e as Error).message as 'stale' | 'transient' | 'refused',
    changed: (s) => states.push(s),
  }
  return { court, screen, kept, states, save: new Autosave(ports, structuredClone(base), 1) }
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
