import { computed, reactive, ref } from 'vue'
import type { DraftFile, Uuid } from '@/api/types'
import type { AloneOptions } from './alone'

/** Files that go with one application (an objection, a plea for relief): sent while the person still writes. */
export interface ProofFile {
  id: number
  file: File
  state: 'waiting' | 'sending' | 'done' | 'failed'
  /** 0 to 1 */
  share: number
  done: DraftFile | null
  error: unknown
}
export type Sender = (file: File, options: AloneOptions) => Promise<DraftFile>
export type ProofDesk = ReturnType<typeof openProofs>
const same = (a: File, b: File) => a.name === b.name && a.size === b.size && a.lastModified === b.lastModified

export function openProofs(send: Sender, most = 10) {
  const files = reactive<ProofFile[]>([]) as ProofFile[]
  /** how many were one too many, at the last choice */
  const over = ref(0)
  const stops = new Map<number, AbortController>()
  let count = 0
  let running = false

  function add(list: File[]) {
    const fresh = list.filter((f, i) => !files.some((x) => same(x.file, f)) && list.findIndex((o) => same(o, f)) === i)
    const room = Math.max(0, most - files.length)
    over.value = Math.max(0, fresh.length - room)
    for (const file of fresh.slice(0, room)) files.push({ id: ++count, file, state: 'waiting', share: 0, done: null, error: null })
    void pump()
  }
  /** One after the other: a phone's network is small. */
  async function pump() {
    if (running) return
    running = true
    for (let next = files.find((f) => f.state === 'waiting'); next; next = files.find((f) => f.state === 'waiting')) await run(next)
    running = false
  }
  async function run(p: ProofFile) {
    const stop = new AbortController()
    stops.set(p.id, stop)
    Object.assign(p, { state: 'sending', share: 0, error: null })
    try {
      p.done = await send(p.file, { signal: stop.signal, arrived: (n, of) => (p.share = of ? n / of : 0) })
      p.state = 'done'
    } catch (error) {
      Object.assign(p, { state: 'failed', error })
    }
    stops.delete(p.id)
  }
  function again(id: number) {
    const p = files.find((f) => f.id === id)
    if (p?.state !== 'failed') return
    p.state = 'waiting'
    void pump()
  }
  function remove(id: number) {
    stops.get(id)?.abort()
    const at = files.findIndex((f) => f.id === id)
    if (at >= 0) files.splice(at, 1)
    over.value = 0
  }
  function clear() {
    for (const stop of stops.values()) stop.abort()
    files.splice(0)
    over.value = 0
  }
  return {
    files, over, most, add, again, remove, clear,
    ids: computed<Uuid[]>(() => files.flatMap((f) => (f.done ? [f.done.id] : []))),
    busy: computed(() => files.some((f) => f.state === 'waiting' || f.state === 'sending')),
    failed: computed(() => files.filter((f) => f.state === 'failed')),
  }
}
