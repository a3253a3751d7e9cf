import { diff, equal, merge3, type JsonObject } from './json'

/** What the status strip says. */
export type SaveState = 'saved' | 'waiting' | 'saving' | 'unreachable' | 'refused'

export interface Unsent {
  version: number
  base: JsonObject
  mine: JsonObject
  /** a save of it was under way, and may have reached the court */
  sent?: boolean
}
export interface AutosavePorts {
  /** the pruned content as it stands on the screen */
  read: () => JsonObject
  send: (version: number, patch: JsonObject) => Promise<{ version: number; saved_at: string }>
  /** the draft as the court holds it */
  fetch: () => Promise<Held>
  /** another window saved first: show the merged content */
  adopt: (content: JsonObject) => void
  /** keep what was not sent in this device; null = all was sent */
  keep: (unsent: Unsent | null) => void
  /** stale = somebody saved first · transient = worth repeating without the person */
  sort: (error: unknown) => 'stale' | 'transient' | 'refused'
  changed: (state: SaveState, more: { at?: string; error?: unknown; merged?: boolean }) => void
}
interface Held {
  version: number
  content: JsonObject
}
const QUIET_MS = 700
/** A save whose window was left arrives within these looks, or not at all. */
const ARRIVES_MS = [150, 450, 900, 1_500]
const RETRY_MS = [2_000, 5_000, 15_000, 30_000]

/**
 * Saves every change, one call at a time. What is sent is always the difference between what the
 * court acknowledged and what is on the screen, so nothing typed during a call is lost.
 */
export class Autosave {
  private timer: ReturnType<typeof setTimeout> | undefined
  private running: Promise<boolean> | null = null
  private tries = 0
  /** the answer to what was sent is not known: the court may hold it already */
  private unsure = false
  private merged = false
  private closed = false

  constructor(
    private readonly ports: AutosavePorts,
    private base: JsonObject,
    private version: number,
  ) {}

  get dirty(): boolean {
    return Object.keys(diff(this.base, this.ports.read())).length > 0
  }

  /** What the court is known to hold. */
  get held(): JsonObject {
    return this.base
  }

  /** Something was typed. */
  touch(): void {
    if (this.closed) return
    const mine = this.ports.read()
    if (Object.keys(diff(this.base, mine)).length === 0) return
    this.keep(mine, this.running !== null)
    if (!this.running) this.ports.changed('waiting', {})
    this.later(QUIET_MS)
  }

  /** Saves now; true when the court holds everything. However many ask at once, one call is under way. */
  async flush(): Promise<boolean> {
    while (this.running) await this.running
    return this.alone(() => this.run())
  }

  /** What an earlier window was saving when it was left may still arrive: it is waited for before anything is sent. */
  async resume(): Promise<boolean> {
    while (this.running) await this.running
    return this.alone(async () => {
      for (const ms of ARRIVES_MS) {
        await new Promise((r) => setTimeout(r, ms))
        const theirs = await this.ports.fetch().catch(() => null)
        if (!theirs) break
        if (theirs.version !== this.version) {
          this.meet(theirs)
          break
        }
      }
      return this.run()
    })
  }

  /** The court's copy changed elsewhere: taken when nothing is unsent here and it is newer than what is known. */
  rebase(content: JsonObject, version: number): boolean {
    if (this.running || this.dirty || version <= this.version) return false
    this.base = content
    this.version = version
    return true
  }

  close(): void {
    this.closed = true
    clearTimeout(this.timer)
  }

  private alone(work: () => Promise<boolean>): Promise<boolean> {
    this.running = work().finally(() => (this.running = null))
    return this.running
  }

  private keep(mine: JsonObject, sent: boolean): void {
    this.ports.keep({ version: this.version, base: this.base, mine, sent })
  }

  private later(ms: number): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.flush(), ms)
  }

  private async run(): Promise<boolean> {
    clearTimeout(this.timer)
    this.merged = false
    for (let round = 0; round < 6; round++) {
      try {
        if (this.unsure) this.meet(await this.ports.fetch())
        if (await this.round()) return true
      } catch (error) {
        if (this.ports.sort(error) !== 'stale') return this.stop(error)
        this.unsure = true
      }
    }
    // Typing faster than saving: go on after the next pause.
    this.later(QUIET_MS)
    return !this.dirty
  }

  /** Sends what differs; true when nothing does. */
  private async round(): Promise<boolean> {
    const mine = this.ports.read()
    const patch = diff(this.base, mine)
    if (Object.keys(patch).length === 0) {
      this.ports.keep(null)
      this.ports.changed('saved', { merged: this.merged })
      return true
    }
    this.ports.changed('saving', {})
    this.keep(mine, true)
    const got = await this.ports.send(this.version, patch)
    this.version = got.version
    this.base = mine
    this.tries = 0
    this.ports.changed('saved', { at: got.saved_at, merged: this.merged })
    return false
  }

  /** The court's copy, with what is on the screen put into it. */
  private meet(theirs: Held): void {
    this.unsure = false
    if (theirs.version === this.version) return
    const mine = this.ports.read()
    const both = merge3(this.base, mine, theirs.content) as JsonObject
    this.base = theirs.content
    this.version = theirs.version
    if (equal(both, mine)) return
    this.ports.adopt(both)
    this.merged = true
  }

  private stop(error: unknown): false {
    this.unsure = this.ports.sort(error) === 'transient'
    this.keep(this.ports.read(), this.unsure)
    if (this.unsure) {
      this.ports.changed('unreachable', { error })
      if (!this.closed) this.later(RETRY_MS[Math.min(this.tries++, RETRY_MS.length - 1)] ?? 30_000)
    } else this.ports.changed('refused', { error })
    return false
  }
}
