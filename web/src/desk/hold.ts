/**
 * Decisions are held for ten seconds before they are sent, so that they can be taken back.
 * One decision per subject; a second one on the same subject is refused until the first is gone.
 */
export interface Decision {
  /** what it is about: one held decision each */
  subject: string
  send: () => Promise<void>
  /** taken back, or could not be sent: put everything as it was */
  undone?: () => void
  /** the toast and the like: the hold is over, whichever way */
  over?: () => void
}
export interface Ticker {
  set: (run: () => void, ms: number) => unknown
  clear: (timer: unknown) => void
}
const clockwork: Ticker = { set: (run, ms) => setTimeout(run, ms), clear: (t) => clearTimeout(t as ReturnType<typeof setTimeout>) }

export class HoldQueue {
  private held: { decision: Decision; timer: unknown }[] = []

  constructor(
    private readonly ms = 10_000,
    private readonly ticker: Ticker = clockwork,
    private readonly changed: () => void = () => undefined,
  ) {}

  get size(): number {
    return this.held.length
  }
  has(subject: string): boolean {
    return this.held.some((h) => h.decision.subject === subject)
  }
  hold(decision: Decision): boolean {
    if (this.has(decision.subject)) return false
    const entry = { decision, timer: undefined as unknown }
    this.held.push(entry)
    entry.timer = this.ticker.set(() => void this.release(decision.subject), this.ms)
    this.changed()
    return true
  }
  /** The last one, or the one named. False when there is nothing left to take back. */
  undo(subject = this.held[this.held.length - 1]?.decision.subject): boolean {
    const entry = this.take(subject)
    if (!entry) return false
    entry.decision.over?.()
    entry.decision.undone?.()
    return true
  }
  /** Sends one now. */
  async release(subject: string): Promise<void> {
    const entry = this.take(subject)
    if (!entry) return
    entry.decision.over?.()
    await entry.decision.send()
  }
  /** Sends everything now: the page is going away. */
  flush(): Promise<void[]> {
    return Promise.all(this.held.map((h) => h.decision.subject).map((s) => this.release(s)))
  }
  private take(subject: string | undefined) {
    const at = this.held.findIndex((h) => h.decision.subject === subject)
    if (at < 0) return undefined
    const [entry] = this.held.splice(at, 1)
    if (entry) this.ticker.clear(entry.timer)
    this.changed()
    return entry
  }
}
