import { diff, merge3, type JsonObject } from './json'

/** What the status strip says. */
export type SaveState = 'saved' | 'waiting' | 'saving' | 'unreachable' | 'refused'

export interface Unsent {
  version: number
  base: JsonObject
  mine: JsonObject
}
export interface AutosavePorts {
  /** the pruned content as it stands on the screen */
  read: () => JsonObject
  send: (version: number, patch: JsonObject) => Promise<{ version: number; saved_at: string }>
  /** the draft as the court holds it */
  fetch: () => Promise<{ version: number; content: JsonObject }>
  /** another window saved first: show the merged content */
  adopt: (content: JsonObject) => void
  /** keep what was not sent in this device; null = all was sent */
  keep: (unsent: Unsent | null) => void
  /** stale = somebody saved first · transient = worth repeating without the person */
  sort: (error: unknown) => 'stale' | 'transient' | 'refused'
  changed: (state: SaveState, more: { at?: string; error?: unknown; merged?: boolean }) => void
}
const QUIET_MS = 700
const RETRY_MS = [2_000, 5_000, 15_000, 30_000]

/**
 * Saves every change, one call at a time. What is sent is always the difference between what the
 * court acknowledged and what is on the screen, so nothing typed during a call is lost.
 */
export class Autosave {
  private timer: ReturnType<typeof setTimeout> | undefined
  private running: Promise<boolean> | null = null
  private tries = 0
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
    this.ports.keep({ version: this.version, base: this.base, mine })
    if (!this.running) this.ports.changed('waiting', {})
    this.later(QUIET_MS)
  }

  /** Saves now; true when the court holds everything. */
  async flush(): Promise<boolean> {
    if (this.running) await this.running
    this.running = this.run().finally(() => (this.running = null))
    return this.running
  }

  /** The court's copy changed elsewhere and nothing is unsent here. */
  rebase(content: JsonObject, version: number): void {
    this.base = content
    this.version = version
  }

  close(): void {
    this.closed = true
    clearTimeout(this.timer)
  }

  private later(ms: number): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.flush(), ms)
  }

  private async run(): Promise<boolean> {
    clearTimeout(this.timer)
    let merged = false
    for (let round = 0; round < 6; round++) {
      const mine = this.ports.read()
      const patch = diff(this.base, mine)
      if (Object.keys(patch).length === 0) {
        this.ports.keep(null)
        this.ports.changed('saved', { merged })
        return true
      }
      this.ports.changed('saving', {})
      try {
        const got = await this.ports.send(this.version, patch)
        this.version = got.version
        this.base = mine
        this.tries = 0
        this.ports.changed('saved', { at: got.saved_at, merged })
      } catch (error) {
        const kind = this.ports.sort(error)
        if (kind === 'stale') {
          try {
            const theirs = await this.ports.fetch()
            const now = this.ports.read()
            const both = merge3(this.base, now, theirs.content) as JsonObject
            this.base = theirs.content
            this.version = theirs.version
            this.ports.adopt(both)
            merged = true
            continue
          } catch (again) {
            return this.stop(again)
          }
        }
        return this.stop(error)
      }
    }
    // Typing faster than saving: go on after the next pause.
    this.later(QUIET_MS)
    return !this.dirty
  }

  private stop(error: unknown): false {
    this.ports.keep({ version: this.version, base: this.base, mine: this.ports.read() })
    if (this.ports.sort(error) === 'transient') {
      this.ports.changed('unreachable', { error })
      if (!this.closed) this.later(RETRY_MS[Math.min(this.tries++, RETRY_MS.length - 1)] ?? 30_000)
    } else this.ports.changed('refused', { error })
    return false
  }
}
