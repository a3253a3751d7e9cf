import { beforeEach, describe, expect, it, vi } from 'vitest'
import { RoomClient, NotConnected, Refused, type Deps, type Listener, type SocketLike } from '@/hearing/media/client'
import { barsOf, countsOf, downLoss, upFigures } from '@/hearing/media/figures'
import { REJOIN_AT, RESTART_AT, SILENCE, STUCK, UNOPENED, decide, fresh, lostSince } from '@/hearing/media/ladder'
import { Publisher, Receiver } from '@/hearing/media/peers'
import { socketUrl } from '@/hearing/media/browser'

class FakeStream {
  constructor(readonly tracks: unknown[]) {}
}
vi.stubGlobal('MediaStream', FakeStream)

class FakePeer {
  iceConnectionState = 'connected'
  connectionState = 'connected'
  localDescription: { sdp: string } | null = null
  log: string[] = []
  closed = false
  transceivers: { mid: string | null; direction: string; currentDirection: string; sender: { replaceTrack: () => Promise<void> }; receiver: { track: { id: string } } }[] = []
  oniceconnectionstatechange: (() => void) | null = null
  onconnectionstatechange: (() => void) | null = null
  addTransceiver(_track: unknown, init: { direction: string }) {
    const t = { mid: String(this.transceivers.length), direction: init.direction, currentDirection: init.direction, sender: { replaceTrack: () => Promise.resolve() }, receiver: { track: { id: `t${this.transceivers.length}` } } }
    this.transceivers.push(t)
    return t
  }
  getTransceivers() {
    return this.transceivers
  }
  createOffer(o?: { iceRestart?: boolean }) {
    this.log.push(o?.iceRestart ? 'offer again' : 'offer')
    return Promise.resolve({ type: 'offer', sdp: `offer${this.log.length}` })
  }
  createAnswer() {
    return Promise.resolve({ type: 'answer', sdp: 'mine' })
  }
  setLocalDescription(d: { sdp: string }) {
    this.localDescription = d
    return Promise.resolve()
  }
  setRemoteDescription(d: { type: string; sdp: string }) {
    this.log.push(`${d.type}:${d.sdp}`)
    return Promise.resolve()
  }
  getStats() {
    return Promise.resolve(new Map())
  }
  close() {
    this.closed = true
  }
}
const peer = (p: FakePeer) => p as unknown as RTCPeerConnection
const settle = async () => {
  for (let i = 0; i < 30; i++) await Promise.resolve()
}

describe('the ladder', () => {
  const joined = () => ({ ...fresh(0), joined: true })
  it('does nothing while all is well, and forgives a hiccup', () => {
    expect(decide({ ...joined(), heardAt: 1_000 }, 3_000)).toBe('nothing')
    expect(lostSince({ ...joined(), mediaLostAt: 1_000 }, 2_000)).toBeNull()
    expect(lostSince({ ...joined(), mediaLostAt: 1_000 }, 2_600)).toBe(1_000)
  })
  it('restarts at 2 s, once, and rejoins at 5 s', () => {
    const l = { ...joined(), heardAt: 10_000, mediaLostAt: 10_000 }
    expect(decide(l, 10_000 + RESTART_AT - 1)).toBe('nothing')
    expect(decide(l, 10_000 + RESTART_AT)).toBe('restart')
    expect(decide({ ...l, restarted: true, heardAt: 13_000 }, 13_500)).toBe('nothing')
    expect(decide({ ...l, restarted: true, heardAt: 14_000 }, 10_000 + REJOIN_AT)).toBe('rejoin')
  })
  it('takes silence for a lost link, whatever the media say', () => {
    expect(decide({ ...joined(), heardAt: 1_000 }, 1_000 + SILENCE - 1)).toBe('nothing')
    expect(decide({ ...joined(), heardAt: 1_000 }, 1_000 + SILENCE)).toBe('rejoin')
  })
  it('tries at once, then after longer pauses, for ever', () => {
    const l = fresh(0)
    expect(decide(l, 0)).toBe('rejoin')
    expect(decide({ ...l, tries: 1 }, 999)).toBe('nothing')
    expect(decide({ ...l, tries: 1 }, 1_000)).toBe('rejoin')
    expect(decide({ ...l, tries: 500 }, 7_999)).toBe('nothing')
    expect(decide({ ...l, tries: 500 }, 8_000)).toBe('rejoin')
    expect(decide({ ...l, joining: true }, STUCK - 1)).toBe('nothing')
    expect(decide({ ...l, joining: true }, STUCK)).toBe('rejoin')
  })
})

describe('figures', () => {
  it('counts losses of one beat, from nothing after a new connection', () => {
    const before = countsOf([{ type: 'inbound-rtp', packetsReceived: 900, packetsLost: 0 }])
    expect(downLoss(before, countsOf([{ type: 'inbound-rtp', packetsReceived: 990, packetsLost: 10 }, { type: 'other' }]))).toBe(100)
    expect(downLoss(before, { received: 5, lost: 0 })).toBe(0)
    expect(downLoss({ received: 0, lost: 0 }, { received: 0, lost: 0 })).toBe(0)
    expect(upFigures([{ type: 'remote-inbound-rtp', fractionLost: 0.031, roundTripTime: 0.08 }, { type: 'candidate-pair', nominated: true, currentRoundTripTime: 9 }])).toEqual({ up_loss: 31, rtt: 80 })
    expect(upFigures([{ type: 'remote-inbound-rtp', fractionLost: Number.NaN }])).toEqual({ up_loss: 0, rtt: 0 })
  })
  it('says good below 10 %, poor to 15 %, bad from there', () => {
    expect([99, 100, 149, 150].map((up_loss) => barsOf({ up_loss, down_loss: 0 }))).toEqual(['good', 'poor', 'poor', 'bad'])
  })
})

describe('publishing', () => {
  it('has one offer under way at a time; wishes meanwhile are one more', async () => {
    const pc = new FakePeer()
    const answers: ((sdp: string) => void)[] = []
    const asked: [string, string][][] = []
    const out = new Publisher(peer(pc), (_sdp, tracks) => {
      asked.push(tracks)
      return new Promise((yes) => answers.push(yes))
    }, () => undefined)
    await out.set('audio', {} as MediaStreamTrack)
    await out.set('video', {} as MediaStreamTrack)
    const first = out.offer()
    await settle()
    expect(asked).toEqual([[['0', 'audio'], ['1', 'video']]])
    await out.set('screen', {} as MediaStreamTrack)
    void out.offer()
    const last = out.offer()
    await settle()
    expect(asked.length).toBe(1)
    answers[0]?.('a1')
    await first
    await settle()
    expect(asked.length).toBe(2)
    expect(asked[1]?.at(-1)).toEqual(['2', 'screen'])
    answers[1]?.('a2')
    await last
    expect(pc.log).toEqual(['offer', 'answer:a1', 'offer', 'answer:a2'])
  })
  it('changes a camera in place and takes a screen back by an offer', async () => {
    const pc = new FakePeer()
    const out = new Publisher(peer(pc), () => Promise.resolve('a'), () => undefined)
    expect(await out.set('video', {} as MediaStreamTrack)).toBe(true)
    expect(await out.set('video', {} as MediaStreamTrack)).toBe(false)
    expect(await out.set('screen', {} as MediaStreamTrack)).toBe(true)
    expect(await out.set('screen', null)).toBe(true)
    expect(pc.transceivers[1]?.direction).toBe('inactive')
    expect(await out.set('audio', null)).toBe(false)
  })
  it('goes on after a refusal', async () => {
    const pc = new FakePeer()
    let no = true
    const out = new Publisher(peer(pc), () => (no ? Promise.reject(new Error('refused')) : Promise.resolve('a')), () => undefined)
    await out.set('audio', {} as MediaStreamTrack)
    await expect(out.offer()).rejects.toThrow('refused')
    no = false
    await out.offer()
    expect(pc.log.at(-1)).toBe('answer:a')
  })
})

describe('receiving', () => {
  it('answers in order, begins anew when told, and goes by the section', async () => {
    const made: FakePeer[] = []
    const answered: number[] = []
    const into = new Receiver(() => {
      const p = new FakePeer()
      p.addTransceiver(null, { direction: 'recvonly' })
      p.addTransceiver(null, { direction: 'recvonly' })
      made.push(p)
      return peer(p)
    }, (v) => answered.push(v), () => undefined)
    void into.take({ version: 1, fresh: true, sdp: 'o1', tracks: [['0', 'judge', 'audio'], ['1', 'judge', 'video']] })
    await into.take({ version: 2, fresh: false, sdp: 'o2', tracks: [['1', 'judge', 'video'], ['9', 'nobody', 'audio']] })
    expect(made.length).toBe(1)
    expect(made[0]?.log).toEqual(['offer:o1', 'offer:o2'])
    expect(answered).toEqual([1, 2])
    expect(into.flows.map((f) => [f.participant, f.kind])).toEqual([['judge', 'video']])
    const before = into.flows[0]?.stream
    await into.take({ version: 3, fresh: false, sdp: 'o3', tracks: [['1', 'judge', 'video']] })
    expect(into.flows[0]?.stream).toBe(before)
    await into.take({ version: 4, fresh: true, sdp: 'o4', tracks: [] })
    expect(made.length).toBe(2)
    expect(made[0]?.closed).toBe(true)
  })
})

describe('the client', () => {
  let now = 0
  let timers: { ms: number; run: () => void; at: number }[] = []
  let sockets: (SocketLike & { sent: Record<string, unknown>[] })[] = []
  let peers: FakePeer[] = []
  let passes = 0
  let passFault: unknown = null
  const told: { said: string[]; lost: (number | null)[]; ended: unknown[] } = { said: [], lost: [], ended: [] }
  const deps: Deps = {
    pass: () => (passFault ? Promise.reject(passFault) : Promise.resolve({ token: `t${++passes}`, expires_at: '', socket: '/s' })),
    socket: () => {
      const s = {
        readyState: 1, sent: [] as Record<string, unknown>[], onopen: null, onmessage: null, onclose: null,
        send: (text: string) => void s.sent.push(JSON.parse(text) as Record<string, unknown>), close: () => (s.readyState = 3),
      } as unknown as SocketLike & { sent: Record<string, unknown>[] }
      sockets.push(s)
      return s
    },
    peer: () => {
      const p = new FakePeer()
      peers.push(p)
      return peer(p)
    },
    now: () => now,
    every: (ms, run) => {
      const t = { ms, run, at: now + ms }
      timers.push(t)
      return () => (timers = timers.filter((x) => x !== t))
    },
    visible: () => true,
    battery: () => undefined,
  }
  const listener: Listener = {
    said: (m) => told.said.push(m.type), flows: () => undefined, figures: () => undefined,
    lost: (s) => told.lost.push(s), ended: (why) => told.ended.push(why),
  }
  async function pass(ms: number) {
    const until = now + ms
    while (now < until) {
      now += 50
      for (const t of [...timers])
        if (now >= t.at) {
          t.at = now + t.ms
          t.run()
        }
      await settle()
    }
  }
  const last = () => {
    const s = sockets.at(-1)
    if (!s) throw new Error('no socket')
    return s
  }
  const say = (m: object) => last().onmessage?.({ data: JSON.stringify(m) } as MessageEvent)
  const hello = () => say({ type: 'hello', participant: 'p1', role: 'party', place: 'courtroom', court: false, hand: 'other', epoch: 1, at_ms: 0 })
  /** A server that answers beats and offers. */
  const alive = () => {
    for (const s of sockets)
      for (const m of s.sent.splice(0)) {
        if (m.type === 'beat') say({ type: 'done', n: m.n })
        if (m.type === 'publish') say({ type: 'published', n: m.n, sdp: 'answer' })
      }
  }
  async function live(ms: number) {
    for (let t = 0; t < ms; t += 500) {
      await pass(500)
      alive()
      await settle()
    }
  }
  beforeEach(() => {
    ;[now, timers, sockets, peers, passes, passFault] = [1_000_000, [], [], [], 0, null]
    Object.assign(told, { said: [], lost: [], ended: [] })
  })

  it('joins, receives, publishes what it has, and beats', async () => {
    const c = new RoomClient(deps, listener)
    await c.setTrack('audio', { readyState: 'live', enabled: true } as MediaStreamTrack)
    c.start()
    await settle()
    hello()
    await settle()
    expect(last().sent.map((m) => m.type)).toEqual(['receive', 'publish'])
    expect(last().sent[0]).toMatchObject({ begin: 'anew' })
    await live(5_000)
    expect(passes).toBe(1)
    expect(told.lost.filter((x) => x !== null)).toEqual([])
  })
  it('comes back by itself when the socket closes: a new pass, the same tracks, and the page told since when', async () => {
    const c = new RoomClient(deps, listener)
    await c.setTrack('audio', {} as MediaStreamTrack)
    c.start()
    await settle()
    hello()
    await live(1_000)
    const at = now
    last().onclose?.({} as CloseEvent)
    await pass(500)
    expect(passes).toBe(2)
    hello()
    await settle()
    expect(last().sent.map((m) => m.type)).toContain('publish')
    expect(told.lost).toEqual([at, null])
    expect(now - at).toBeLessThanOrEqual(3_000)
  })
  it('restarts ICE at 2 s and takes a new pass at 5 s when media stop', async () => {
    const c = new RoomClient(deps, listener)
    await c.setTrack('audio', {} as MediaStreamTrack)
    c.start()
    await settle()
    hello()
    await live(1_000)
    const out = peers[0]
    if (!out) throw new Error('no peer')
    out.iceConnectionState = 'disconnected'
    out.oniceconnectionstatechange?.()
    await live(1_500)
    expect(out.log).not.toContain('offer again')
    await live(1_000)
    expect(out.log).toContain('offer again')
    expect(passes).toBe(1)
    await live(3_000)
    expect(passes).toBe(2)
  })
  it('makes anew what never comes up: no restart helps a handshake that stands still', async () => {
    const c = new RoomClient(deps, listener)
    c.start()
    await settle()
    hello()
    say({ type: 'offer', version: 1, fresh: true, sdp: 'o', tracks: [] })
    await settle()
    const into = peers.at(-1)
    if (!into) throw new Error('no peer')
    into.connectionState = 'connecting'
    into.onconnectionstatechange?.()
    await live(UNOPENED - 1_000)
    expect(passes).toBe(1)
    await live(2_000)
    expect(passes).toBe(2)
    hello()
    await live(UNOPENED - 1_000)
    expect(passes).toBe(2)
    c.leave()
  })
  it('takes a network that says nothing for gone', async () => {
    const c = new RoomClient(deps, listener)
    c.start()
    await settle()
    hello()
    await live(2_000)
    await pass(SILENCE + 500)
    expect(passes).toBe(2)
    expect(told.lost.some((x) => x !== null)).toBe(true)
    c.leave()
  })
  it('says lost while the browser has no network, and back when the old link answers again', async () => {
    const c = new RoomClient(deps, listener)
    c.start()
    await settle()
    hello()
    await live(1_000)
    const at = now
    c.offline(true)
    await pass(2_000)
    expect(told.lost).toEqual([at])
    c.offline(false)
    await live(1_000)
    expect(told.lost).toEqual([at, null])
    expect(passes).toBe(1)
    c.offline(true)
    await pass(1_000)
    c.offline(false)
    await pass(2_000)
    expect(passes).toBe(2)
    c.leave()
  })
  it('ends where another tab took over, and never comes back by itself', async () => {
    const c = new RoomClient(deps, listener)
    c.start()
    await settle()
    hello()
    say({ type: 'bye', why: 'replaced' })
    await pass(30_000)
    expect(told.ended).toEqual(['replaced'])
    expect(passes).toBe(1)
    expect(peers.every((p) => p.closed)).toBe(true)
  })
  it('follows a room that moved', async () => {
    const c = new RoomClient(deps, listener)
    c.start()
    await settle()
    hello()
    say({ type: 'bye', why: 'moved' })
    await pass(500)
    expect(passes).toBe(2)
    expect(told.ended).toEqual([])
    c.leave()
  })
  it('stops where it has no place, and goes on where the network failed', async () => {
    passFault = { status: 0 }
    const c = new RoomClient(deps, listener)
    c.start()
    await pass(5_000)
    expect(told.ended).toEqual([])
    passFault = { status: 422 }
    await pass(10_000)
    expect(told.ended).toEqual(['refused'])
  })
  it('gives the answer of a wish, or why not, or that nothing left', async () => {
    const c = new RoomClient(deps, listener)
    await expect(c.ask({ type: 'hand', up: true })).rejects.toBeInstanceOf(NotConnected)
    c.start()
    await settle()
    hello()
    const yes = c.ask({ type: 'hand', up: true })
    say({ type: 'done', n: last().sent.at(-1)?.n })
    await expect(yes).resolves.toMatchObject({ type: 'done' })
    const no = c.ask({ type: 'step', step: 'open' })
    say({ type: 'refused', n: last().sent.at(-1)?.n, to: 'step', code: 'x', zh: '', en: '', cure_zh: '', cure_en: '' })
    await expect(no).rejects.toBeInstanceOf(Refused)
    c.leave()
    expect(told.ended).toEqual(['left'])
  })
})

describe('the socket', () => {
  it('is here, or where the pass says', () => {
    const pass = { token: 'a b', expires_at: '', socket: '/api/s' }
    expect(socketUrl(pass, { protocol: 'https:', host: 'court.cn' })).toBe('wss://court.cn/api/s?token=a%20b')
    expect(socketUrl({ ...pass, address: 'https://node2.court.cn/' }, { protocol: 'https:', host: 'court.cn' })).toBe('wss://node2.court.cn/api/s?token=a%20b')
  })
})
