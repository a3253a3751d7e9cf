/**
 * Uploads that survive a lost network, a reload and a wrong click. Pure: time, network and
 * storage come in by ports, so that the rules can be tested.
 */
export type TaskState = 'waiting' | 'sending' | 'retrying' | 'offline' | 'paused' | 'needs_file' | 'settling' | 'done' | 'rejected'

/** Where the accepted file belongs. */
export interface Target {
  evidence?: string
  paper?: string
  /** pictures of one paper are joined into one PDF afterwards */
  bundle?: string
}
export interface UploadInfo {
  id: string
  part_bytes: number
  parts: number
  received: number[]
}
export interface Task<Done = unknown> {
  id: string
  name: string
  size: number
  lastModified: number
  target: Target
  state: TaskState
  file: File | null
  upload: UploadInfo | null
  tries: number
  /** bytes a second, smoothed */
  rate: number
  done: Done | null
  error: unknown
}
/** What is remembered across a reload: never the bytes, only where they stopped. */
export interface Kept {
  id: string
  name: string
  size: number
  lastModified: number
  target: Target
  upload: string
}
export interface QueuePorts<Done> {
  start: (file: { name: string; size: number; last_modified: number }) => Promise<UploadInfo>
  get: (upload: string) => Promise<UploadInfo>
  put: (upload: string, n: number, part: Blob, signal: AbortSignal) => Promise<void>
  complete: (upload: string) => Promise<Done>
  cancel: (upload: string) => Promise<void>
  /** transient = repeat · gone = the upload expired, begin again · hold = wait for the person · refused = tell the person */
  sort: (error: unknown) => 'transient' | 'gone' | 'hold' | 'refused'
  online: () => boolean
  keep: (list: Kept[]) => void
  finished: (task: Task<Done>) => void
  wait: (ms: number) => Promise<void>
  now: () => number
  id: () => string
}
const BACKOFF_MS = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000]
export const backoff = (tries: number): number => BACKOFF_MS[Math.min(Math.max(0, tries - 1), BACKOFF_MS.length - 1)] ?? 30_000
const AT_ONCE = 2

export const sentParts = (t: Task): number => t.upload?.received.length ?? 0
export function sentBytes(t: Task): number {
  if (t.state === 'done' || t.state === 'settling') return t.size
  const u = t.upload
  if (!u) return 0
  const last = u.received.includes(u.parts) ? u.part_bytes * u.parts - t.size : 0
  return Math.max(0, Math.min(t.size, u.received.length * u.part_bytes - last))
}
export const leftSeconds = (t: Task): number | null => (t.rate > 0 ? Math.ceil((t.size - sentBytes(t)) / t.rate) : null)
/** 1-based numbers still to send. */
export function nextPart(u: UploadInfo): number | null {
  const have = new Set(u.received)
  for (let n = 1; n <= u.parts; n++) if (!have.has(n)) return n
  return null
}
export const sameFile = (k: { name: string; size: number; lastModified: number }, f: { name: string; size: number; lastModified: number }): boolean =>
  k.name === f.name && k.size === f.size && (k.lastModified === 0 || f.lastModified === 0 || k.lastModified === f.lastModified)

export class UploadQueue<Done> {
  private readonly stops = new Map<string, AbortController>()

  /** `tasks` may be a reactive array: the queue only ever changes its members. */
  constructor(
    private readonly ports: QueuePorts<Done>,
    readonly tasks: Task<Done>[],
  ) {}

  /** A file the person chose. One that an earlier visit began goes on where it stopped. */
  add(file: File, target: Target = {}): Task<Done> {
    const waiting = this.tasks.find((t) => t.state === 'needs_file' && sameFile(t, file))
    if (waiting) {
      this.give(waiting.id, file)
      return waiting
    }
    this.tasks.push({
      id: this.ports.id(), name: file.name, size: file.size, lastModified: file.lastModified, target,
      state: 'waiting', file, upload: null, tries: 0, rate: 0, done: null, error: null,
    })
    const task = this.tasks[this.tasks.length - 1] as Task<Done>
    this.pump()
    return task
  }

  /** After a reload: asks the court how far each upload came. Expired ones are dropped. */
  async restore(kept: Kept[]): Promise<void> {
    for (const k of kept) {
      try {
        const upload = await this.ports.get(k.upload)
        // All parts arrived before the page closed: only the last call is missing, no file is needed.
        const whole = upload.parts > 0 && nextPart(upload) === null
        this.tasks.push({
          id: k.id, name: k.name, size: k.size, lastModified: k.lastModified, target: k.target,
          state: whole ? 'waiting' : 'needs_file', file: null, upload, tries: 0, rate: 0, done: null, error: null,
        })
      } catch (error) {
        if (this.ports.sort(error) !== 'transient') continue
        this.tasks.push({
          id: k.id, name: k.name, size: k.size, lastModified: k.lastModified, target: k.target,
          state: 'needs_file', file: null, upload: { id: k.upload, part_bytes: 0, parts: 0, received: [] }, tries: 0, rate: 0, done: null, error: null,
        })
      }
    }
    this.remember()
    this.pump()
  }

  /** The same file again; false when it is another one. */
  give(id: string, file: File): boolean {
    const t = this.find(id)
    if (!t || !sameFile(t, file)) return false
    t.file = file
    t.state = 'waiting'
    this.pump()
    return true
  }

  pause(id: string): void {
    const t = this.find(id)
    if (!t || !['waiting', 'sending', 'retrying', 'offline'].includes(t.state)) return
    t.state = 'paused'
    t.rate = 0
    this.stops.get(id)?.abort()
  }
  resume(id: string): void {
    const t = this.find(id)
    if (!t || t.state !== 'paused') return
    t.state = t.file ? 'waiting' : 'needs_file'
    t.tries = 0
    this.pump()
  }
  /** The network is back. */
  wake(): void {
    for (const t of this.tasks) {
      if (t.state !== 'offline') continue
      t.state = 'waiting'
      t.tries = 0
    }
    this.pump()
  }
  async remove(id: string): Promise<void> {
    const t = this.find(id)
    if (!t) return
    this.stops.get(id)?.abort()
    this.tasks.splice(this.tasks.indexOf(t), 1)
    this.remember()
    if (t.upload && t.state !== 'done' && t.state !== 'rejected') await this.ports.cancel(t.upload.id).catch(() => undefined)
    this.pump()
  }
  stopAll(): void {
    for (const stop of this.stops.values()) stop.abort()
  }

  private find(id: string): Task<Done> | undefined {
    return this.tasks.find((t) => t.id === id)
  }
  private pump(): void {
    const busy = this.tasks.filter((t) => ['sending', 'retrying', 'settling'].includes(t.state)).length
    for (const t of this.tasks.filter((x) => x.state === 'waiting').slice(0, Math.max(0, AT_ONCE - busy))) void this.run(t)
  }
  private remember(): void {
    this.ports.keep(
      this.tasks.flatMap((t) =>
        t.upload && !['done', 'rejected', 'settling'].includes(t.state)
          ? [{ id: t.id, name: t.name, size: t.size, lastModified: t.lastModified, target: t.target, upload: t.upload.id }]
          : [],
      ),
    )
  }

  private async run(t: Task<Done>): Promise<void> {
    const stop = new AbortController()
    this.stops.set(t.id, stop)
    t.state = 'sending'
    const stopped = () => stop.signal.aborted
    for (;;) {
      try {
        if (!t.upload || t.upload.parts === 0) {
          t.upload = await this.ports.start({ name: t.name, size: t.size, last_modified: t.lastModified })
          this.remember()
        }
        if (stopped()) break
        const n = nextPart(t.upload)
        if (n === null) {
          t.state = 'settling'
          t.done = await this.ports.complete(t.upload.id)
          if (!this.find(t.id)) break
          t.state = 'done'
          this.remember()
          this.ports.finished(t)
          break
        }
        const size = t.upload.part_bytes
        const part = (t.file as File).slice((n - 1) * size, n * size)
        const from = this.ports.now()
        await this.ports.put(t.upload.id, n, part, stop.signal)
        const took = Math.max(1, this.ports.now() - from) / 1000
        t.rate = t.rate === 0 ? part.size / took : t.rate * 0.7 + (part.size / took) * 0.3
        t.upload.received.push(n)
        // Paused while the last bytes went: what arrived counts, the pause holds.
        if (stopped()) break
        t.tries = 0
        t.state = 'sending'
      } catch (error) {
        if (stopped()) break
        const kind = this.ports.sort(error)
        if (kind === 'refused') {
          t.state = 'rejected'
          t.error = error
          this.remember()
          break
        }
        if (kind === 'hold') {
          t.state = 'paused'
          break
        }
        if (kind === 'gone') t.upload = null
        t.rate = 0
        if (!this.ports.online()) {
          // wake() goes on; no counting while there is no network
          t.state = 'offline'
          break
        }
        t.state = 'retrying'
        await this.ports.wait(backoff(++t.tries))
        if (stopped()) break
      }
    }
    if (this.stops.get(t.id) === stop) this.stops.delete(t.id)
    this.pump()
  }
}
