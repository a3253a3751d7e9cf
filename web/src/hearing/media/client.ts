/**
 * One participant in one room: pass → socket → one connection out, one in. It keeps the seat through losses by itself and
 * ends only when the person leaves, the server says goodbye, or another tab takes over. It knows no page.
 */
import type { ByeWhy, HearingPass, HelloSaid, RefusedSaid, Said, TrackKind, Wish } from '../types'
import { countsOf, downLoss, upFigures, type Counts, type Figures } from './figures'
import { SILENCE, decide, fresh, lostSince, type Link } from './ladder'
import { Publisher, Receiver, configOf, type Flow, type MakePeer } from './peers'

/** What the room said no to, with its cause and cure in both languages. */
export class Refused extends Error {
  constructor(readonly said: RefusedSaid) {
    super(said.code)
    this.name = 'Refused'
  }
}
export class NotConnected extends Error {}

export interface SocketLike {
  readyState: number
  send(text: string): void
  close(code?: number): void
  onopen: ((e: Event) => void) | null
  onmessage: ((e: MessageEvent) => void) | null
  onclose: ((e: CloseEvent) => void) | null
}
export interface Deps {
  pass(): Promise<HearingPass>
  socket(pass: HearingPass): SocketLike
  peer: MakePeer
  now(): number
  every(ms: number, run: () => void): () => void
  visible(): boolean
  battery(): number | undefined
}
export type End = ByeWhy | 'left' | 'refused'
export interface Listener {
  said(message: Said): void
  flows(flows: Flow[]): void
  /** since when the person is not in the room, by the page's clock; null: in the room */
  lost(since: number | null): void
  figures(figures: Figures): void
  ended(why: End, fault?: unknown): void
}
const OPEN = 1
interface Waiting {
  yes: (m: Said) => void
  no: (e: unknown) => void
}

export class RoomClient {
  readonly #deps: Deps
  readonly #to: Listener
  readonly #receiver: Receiver
  readonly #tracks = new Map<TrackKind, MediaStreamTrack>()
  readonly #waiting = new Map<number, Waiting>()
  #publisher: Publisher | null = null
  /** 译音: an interpreter's other voice has a connection of its own */
  #second: Publisher | null = null
  #secondTrack: MediaStreamTrack | null = null
  #socket: SocketLike | null = null
  #hello: HelloSaid | null = null
  #link: Link
  #n = 0
  #turn = 0
  #counts: Counts = { received: 0, lost: 0 }
  #rtt = 0
  #mayPublish = true
  #stop: (() => void)[] = []
  #over = false
  #offline = false
  #told: number | null = null
  #tickedAt = 0

  constructor(deps: Deps, to: Listener) {
    this.#deps = deps
    this.#to = to
    this.#link = fresh(deps.now())
    this.#tickedAt = deps.now()
    this.#receiver = new Receiver(
      () => deps.peer(configOf(this.#hello?.ice)),
      (version, sdp) => this.#post({ type: 'answer', version, sdp }),
      () => {
        this.#to.flows(this.#receiver.flows)
        this.#watch()
      },
    )
  }
  get hello() {
    return this.#hello
  }
  get over() {
    return this.#over
  }
  /** Who only watches sends nothing. */
  start(mayPublish = true) {
    this.#mayPublish = mayPublish
    this.#stop.push(this.#deps.every(250, () => this.#tick()), this.#deps.every(2_000, () => void this.#beat()))
    this.#tick()
  }
  /** A wish that nobody waits for; false when there is no link to send it over. */
  post(wish: Wish): boolean {
    return this.#post(wish)
  }
  /** A wish with its answer: done, or why not. */
  ask(wish: Wish): Promise<Said> {
    const n = ++this.#n
    return new Promise((yes, no) => {
      this.#waiting.set(n, { yes, no })
      if (!this.#post(wish, n)) {
        this.#waiting.delete(n)
        no(new NotConnected())
      }
    })
  }
  /** Gives, changes or takes back what is sent. */
  async setTrack(kind: TrackKind, track: MediaStreamTrack | null) {
    if (track) this.#tracks.set(kind, track)
    else this.#tracks.delete(kind)
    if (this.#publisher && (await this.#publisher.set(kind, track))) await this.#publisher.offer()
  }
  /** Gives or takes back the second voice: heard by whoever listens in that language, and by nobody else. */
  async setSecondVoice(track: MediaStreamTrack | null) {
    this.#secondTrack = track
    if (this.#second) await this.#second.set('audio', track)
    else if (track && this.#link.joined) await this.#publishSecond()
  }
  /** The network changed: a restart at once, before anything is missed. */
  networkChanged() {
    if (this.#link.joined) this.#restart()
    else this.#link.triedAt = -Infinity
  }
  offline(is: boolean) {
    this.#offline = is
    const now = this.#deps.now()
    if (is) this.#link.offlineAt ??= now
    else {
      // a beat asks whether the old link still holds; no word within a second and a half, and a new one is made
      this.#link.heardAt = Math.min(this.#link.heardAt, now - SILENCE + 1_500)
      this.networkChanged()
      void this.#beat()
    }
    this.#tell()
  }
  leave() {
    this.#post({ type: 'leave' })
    this.#end('left')
  }
  /** The page is going away; the seat stays. */
  closing() {
    this.#post({ type: 'closing' })
  }
  /** Another page of the same person takes the seat over in a moment: this one goes without leaving. */
  stepOver() {
    this.closing()
    this.#end('left')
  }

  #post(wish: Wish, n?: number): boolean {
    if (this.#socket?.readyState !== OPEN) return false
    this.#socket.send(JSON.stringify(n === undefined ? wish : { ...wish, n }))
    return true
  }
  #tick() {
    if (this.#over) return
    const now = this.#deps.now()
    // the page slept (a phone in a pocket): what it did not hear meanwhile proves nothing; the next beat will
    if (now - this.#tickedAt > 3_000) this.#link.heardAt = Math.max(this.#link.heardAt, now - 2_500)
    this.#tickedAt = now
    this.#watch()
    const deed = decide(this.#link, now)
    if (deed === 'restart') this.#restart()
    else if (deed === 'rejoin') void this.#join()
  }
  #watch() {
    const lost = this.#link.joined && (this.#receiver.lost || (this.#publisher?.lost ?? false) || (this.#second?.lost ?? false))
    if (!lost) Object.assign(this.#link, { mediaLostAt: null, restarted: false })
    else this.#link.mediaLostAt ??= this.#deps.now()
    const opening = [this.#receiver.pc, this.#publisher?.pc, this.#second?.pc].some((pc) => pc?.connectionState === 'connecting')
    if (this.#link.joined && opening) this.#link.openingAt ??= this.#deps.now()
    else this.#link.openingAt = null
    this.#tell()
  }
  #tell() {
    const since = lostSince(this.#link, this.#deps.now())
    if (since === this.#told) return
    this.#told = since
    this.#to.lost(since)
  }
  #restart() {
    this.#link.restarted = true
    this.#publisher?.offer(true).catch(() => undefined)
    this.#second?.offer(true).catch(() => undefined)
    this.#post({ type: 'receive', begin: 'restart' })
  }
  async #join() {
    const turn = ++this.#turn
    const l = this.#link
    if (l.joined) l.goneAt ??= Math.max(l.mediaLostAt ?? l.heardAt, 0)
    Object.assign(l, { joined: false, joining: true, triedAt: this.#deps.now(), tries: l.tries + 1 })
    this.#drop()
    this.#tell()
    try {
      const pass = await this.#deps.pass()
      if (turn !== this.#turn || this.#over) return
      this.#listen(this.#deps.socket(pass), turn)
    } catch (fault) {
      if (turn !== this.#turn || this.#over) return
      const status = (fault as { status?: number }).status ?? 0
      // not in the hearing, or the room is shut: trying on would change nothing
      if (status === 403 || status === 404 || status === 422) return this.#end('refused', fault)
      Object.assign(l, { joining: false, triedAt: this.#deps.now() })
    }
  }
  #listen(socket: SocketLike, turn: number) {
    this.#socket = socket
    const opened = this.#deps.now()
    socket.onmessage = (e) => {
      if (turn !== this.#turn) return
      this.#link.heardAt = this.#deps.now()
      if (!this.#offline) this.#link.offlineAt = null
      try {
        this.#hear(JSON.parse(String(e.data)) as Said)
      } catch {
        // not one of ours
      }
    }
    socket.onclose = () => {
      if (turn !== this.#turn || this.#over) return
      const now = this.#deps.now()
      if (this.#link.joined) this.#link.goneAt ??= now
      Object.assign(this.#link, { joined: false, joining: false, triedAt: this.#link.joined ? now : opened })
      this.#refuseAll()
      this.#tell()
    }
  }
  #hear(m: Said) {
    if (m.type === 'done' || m.type === 'published' || m.type === 'refused') {
      const n = m.n ?? -1
      const waits = this.#waiting.get(n)
      this.#waiting.delete(n)
      if (m.type === 'refused') {
        waits?.no(new Refused(m))
        if (waits) return
        if (m.to === 'answer') this.#post({ type: 'receive', begin: 'continue' })
      } else waits?.yes(m)
      if (m.type !== 'refused') return
    }
    if (m.type === 'hello') this.#welcome(m)
    else if (m.type === 'offer') void this.#receiver.take(m).catch(() => this.#post({ type: 'receive', begin: 'anew' }))
    else if (m.type === 'bye') return this.#bye(m.why)
    this.#to.said(m)
  }
  #welcome(hello: HelloSaid) {
    this.#hello = hello
    Object.assign(this.#link, { joined: true, joining: false, tries: 0, goneAt: null, mediaLostAt: null, openingAt: null, restarted: false, heardAt: this.#deps.now() })
    this.#counts = { received: 0, lost: 0 }
    this.#receiver.close()
    this.#post({ type: 'receive', begin: 'anew' })
    void this.#publish().catch(() => undefined)
    void this.#publishSecond().catch(() => undefined)
    this.#tell()
  }
  async #publish() {
    this.#publisher?.close()
    this.#publisher = null
    if (!this.#mayPublish) return
    const own = this.#connection()
    this.#publisher = own
    for (const [kind, track] of this.#tracks) await own.set(kind, track)
    if (this.#tracks.size && own === this.#publisher) await own.offer()
  }
  async #publishSecond() {
    this.#second?.close()
    this.#second = null
    if (!this.#secondTrack) return
    const own = this.#connection(true)
    this.#second = own
    await own.set('audio', this.#secondTrack)
    if (own === this.#second) await own.offer()
  }
  #connection(second = false) {
    return new Publisher(this.#deps.peer(configOf(this.#hello?.ice)), async (sdp, tracks) => {
      const answer = await this.ask({ type: 'publish', sdp, tracks, ...(second && { second_voice: true }) })
      if (answer.type !== 'published') throw new NotConnected()
      return answer.sdp
    }, () => this.#watch())
  }
  /** Another place asks for the same tracks anew: rights came that were not there. */
  async publishAgain() {
    if (this.#publisher && this.#tracks.size) await this.#publisher.offer()
    if (this.#second && this.#secondTrack) await this.#second.offer()
  }
  #bye(why: ByeWhy) {
    // the room moved to another server, or this page was too fast: come back with a new pass
    if (why === 'moved' || why === 'too_fast') {
      Object.assign(this.#link, { joined: false, joining: false, goneAt: this.#deps.now(), tries: why === 'moved' ? 0 : 4, triedAt: this.#deps.now() })
      this.#turn++
      return this.#drop()
    }
    this.#end(why)
  }
  async #beat() {
    if (!this.#link.joined || this.#over) return
    const [out, into] = await Promise.all([this.#publisher?.pc.getStats().catch(() => null), this.#receiver.pc?.getStats().catch(() => null)])
    const up = upFigures(out ? values(out) : [])
    const after = countsOf(into ? values(into) : [])
    const figures = { up_loss: up.up_loss, down_loss: downLoss(this.#counts, after), rtt: up.rtt || this.#rtt }
    this.#counts = after
    this.#to.figures(figures)
    const live = (k: TrackKind) => this.#tracks.get(k)?.readyState === 'live' && this.#tracks.get(k)?.enabled === true
    const sent = this.#deps.now()
    await this.ask({ type: 'beat', ...figures, visible: this.#deps.visible(), camera: live('video'), microphone: live('audio') || this.#secondTrack?.enabled === true, battery: this.#deps.battery() }).then(
      () => (this.#rtt = Math.round(this.#deps.now() - sent)),
      () => undefined,
    )
  }
  #refuseAll() {
    for (const w of this.#waiting.values()) w.no(new NotConnected())
    this.#waiting.clear()
  }
  #drop() {
    const old = this.#socket
    this.#socket = null
    if (old) {
      old.onmessage = old.onclose = old.onopen = null
      old.close()
    }
    this.#publisher?.close()
    this.#publisher = null
    this.#second?.close()
    this.#second = null
    this.#receiver.close()
    this.#refuseAll()
    this.#to.flows([])
  }
  #end(why: End, fault?: unknown) {
    if (this.#over) return
    this.#over = true
    this.#turn++
    for (const stop of this.#stop) stop()
    this.#drop()
    this.#to.ended(why, fault)
  }
}
function* values(report: RTCStatsReport): Generator<{ type: string } & Record<string, unknown>> {
  const found: ({ type: string } & Record<string, unknown>)[] = []
  report.forEach((r: { type: string } & Record<string, unknown>) => found.push(r))
  yield* found
}
