import type { TemplateCheck } from '@/api'

/** Words and saving of one template's draft. One call at a time; what is typed is never dropped. */
export const MOST_BYTES = 64 * 1024
export const bytesOf = (text: string): number => new TextEncoder().encode(text).length

export type DraftState = 'saved' | 'waiting' | 'saving' | 'unreachable' | 'refused' | 'conflict' | 'too_long'
export interface Unsent {
  version: number
  mine: string
  at: string
}
export interface DraftPorts {
  /** the text as it stands on the screen */
  read: () => string
  send: (version: number, source: string) => Promise<TemplateCheck>
  /** keep what was not sent in this device; null = all was sent */
  keep: (unsent: Omit<Unsent, 'at'> | null) => void
  /** stale = somebody saved first · transient = worth repeating without the person */
  sort: (error: unknown) => 'stale' | 'transient' | 'refused'
  changed: (state: DraftState, more: { check?: TemplateCheck; error?: unknown }) => void
  /** does it after a pause; returns how to call it off */
  later: (act: () => void, ms: number) => () => void
}
const QUIET_MS = 900
const RETRY_MS = [2_000, 5_000, 15_000, 30_000]

export class TemplateDraft {
  private off: () => void = () => undefined
  private running: Promise<boolean> | null = null
  private tries = 0
  /** somebody else saved: nothing is sent until a person has chosen */
  private held = false

  constructor(
    private readonly ports: DraftPorts,
    /** what the court holds, or what one began from while there is no draft */
    private base: string,
    private version: number,
  ) {}

  get dirty(): boolean {
    return this.ports.read() !== this.base
  }
  get conflict(): boolean {
    return this.held
  }

  /** Something was typed. */
  touch(): void {
    const mine = this.ports.read()
    if (mine === this.base && !this.running) {
      this.off()
      this.ports.keep(null)
      if (!this.held) this.ports.changed('saved', {})
      return
    }
    this.ports.keep({ version: this.version, mine })
    if (this.held) return
    if (bytesOf(mine) > MOST_BYTES) {
      this.off()
      return this.ports.changed('too_long', {})
    }
    if (!this.running) this.ports.changed('waiting', {})
    this.again(QUIET_MS)
  }

  /** Saves now; true when the court holds everything. */
  async flush(): Promise<boolean> {
    if (this.running) await this.running
    this.running = this.run().finally(() => (this.running = null))
    return this.running
  }

  /** Both were seen; mine goes over theirs. */
  async keepMine(version: number): Promise<boolean> {
    this.held = false
    this.version = version
    this.base = '\0' // whatever stands there is replaced
    return this.flush()
  }
  /** Both were seen; theirs stands. What was mine is the caller's to keep. */
  takeTheirs(version: number, source: string): void {
    this.held = false
    this.version = version
    this.base = source
    this.ports.keep(null)
    this.ports.changed('saved', {})
  }

  /** What an earlier window left is older than what the court has: a person chooses first. */
  hold(): void {
    this.off()
    this.held = true
  }
  close(): void {
    this.off()
  }

  private again(ms: number): void {
    this.off()
    this.off = this.ports.later(() => void this.flush(), ms)
  }

  private async run(): Promise<boolean> {
    this.off()
    while (!this.held) {
      const mine = this.ports.read()
      if (mine === this.base) {
        this.ports.keep(null)
        return true
      }
      if (bytesOf(mine) > MOST_BYTES) {
        this.ports.changed('too_long', {})
        return false
      }
      this.ports.changed('saving', {})
      try {
        const check = await this.ports.send(this.version, mine)
        this.version = check.version
        this.base = mine
        this.tries = 0
        this.ports.changed('saved', { check })
      } catch (error) {
        return this.stop(error)
      }
    }
    return false
  }

  private stop(error: unknown): false {
    this.ports.keep({ version: this.version, mine: this.ports.read() })
    const kind = this.ports.sort(error)
    if (kind === 'stale') {
      this.held = true
      this.ports.changed('conflict', { error })
    } else if (kind === 'transient') {
      this.ports.changed('unreachable', { error })
      this.again(RETRY_MS[Math.min(this.tries++, RETRY_MS.length - 1)] ?? 30_000)
    } else this.ports.changed('refused', { error })
    return false
  }
}

/* What was not sent waits in this browser. */
const place = (person: string, court: number, name: string) => `lianting.template.${person}.${court}.${name}`
export function loadUnsent(person: string, court: number, name: string): Unsent | null {
  try {
    const read = JSON.parse(localStorage.getItem(place(person, court, name)) ?? 'null') as Unsent | null
    return read && typeof read.mine === 'string' && typeof read.version === 'number' ? read : null
  } catch {
    return null
  }
}
export function storeUnsent(person: string, court: number, name: string, unsent: Unsent | null): void {
  try {
    if (unsent) localStorage.setItem(place(person, court, name), JSON.stringify(unsent))
    else localStorage.removeItem(place(person, court, name))
  } catch {
    // storage switched off: the text still stands on the screen
  }
}
