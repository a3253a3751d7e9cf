/**
 * The echo room: what one sends to the court's media server comes back, so the way there and its losses are those of a hearing.
 * Nothing is kept there. One way after the other is tried, the best first: UDP, TCP, over the relay.
 */
import { Publisher, Receiver, configOf, type MakePeer } from '../media/peers'
import type { Ice, TrackKind } from '../types'

export type Way = 'udp' | 'tcp' | 'relay'
export interface EchoFigures {
  up: { connected: boolean; tcp?: boolean | null; loss?: number | null; kbps?: number | null; jitter_ms?: number | null }
  down: { connected: boolean; loss?: number | null; rtt_ms?: number | null; estimate_kbps?: number | null }
}
export interface Echoed {
  way: Way | 'none'
  /** tenths of a percent */
  loss: number
  rtt_ms: number
}
/** A description with the candidates of one way alone; the relay takes whatever there is. Pure. */
export function onlyWay(sdp: string, way: Way): string {
  if (way === 'relay') return sdp
  const other = way === 'udp' ? /^a=candidate:\S+ \d+ tcp /i : /^a=candidate:\S+ \d+ udp /i
  return sdp.split(/\r?\n/).filter((line) => !other.test(line)).join('\r\n')
}
/** Of the seconds after the first two, which settle: the worse direction counts. Pure. */
export function echoed(way: Way, all: EchoFigures[]): Echoed {
  const steady = all.filter((f) => f.up.connected && f.down.connected).slice(2)
  const worst = (f: EchoFigures) => Math.max(f.up.loss ?? 0, f.down.loss ?? 0)
  const middle = (n: number[]) => [...n].sort((a, b) => a - b)[Math.floor(n.length / 2)] ?? 0
  return { way, loss: Math.round(steady.reduce((sum, f) => sum + worst(f), 0) / Math.max(1, steady.length)), rtt_ms: Math.round(middle(steady.map((f) => f.down.rtt_ms ?? 0).filter(Boolean))) }
}

export interface EchoSocket {
  send(text: string): void
  close(): void
  onmessage: ((e: { data: unknown }) => void) | null
  onclose: (() => void) | null
  onerror: (() => void) | null
}
export interface EchoDeps {
  socket(): EchoSocket
  peer: MakePeer
  tracks(): MediaStreamTrack[]
  wait(ms: number): Promise<void>
}
const CONNECT_MS = 6_000
const MEASURE_MS = 7_000

/** One way, from the first word to the last figure; null: no connection that way. */
async function tried(way: Way, deps: EchoDeps, said: (ice: Ice | null) => void): Promise<EchoFigures[] | null> {
  const socket = deps.socket()
  const figures: EchoFigures[] = []
  const answers = new Map<number, (sdp: string) => void>()
  let n = 0
  let shut = false
  let refused = false
  let ice: Ice | null = null
  const post = (m: object) => {
    if (!shut) socket.send(JSON.stringify(m))
  }
  const make = () => deps.peer({ ...configOf(ice), iceTransportPolicy: way === 'relay' ? 'relay' : 'all' })
  const receiver = new Receiver(make, (version, sdp) => post({ type: 'answer', version, sdp }), () => undefined)
  let publisher: Publisher | null = null
  const began = new Promise<boolean>((resolve) => {
    socket.onerror = () => resolve(false)
    socket.onclose = () => {
      shut = true
      resolve(false)
    }
    socket.onmessage = (e) => {
      const m = JSON.parse(String(e.data)) as { type: string; n?: number; sdp?: string; version?: number; fresh?: boolean; tracks?: [string, string, TrackKind][]; ice?: Ice | null } & Partial<EchoFigures>
      if (m.type === 'hello') {
        said((ice = m.ice ?? null))
        resolve(true)
      } else if (m.type === 'published' && m.n !== undefined) answers.get(m.n)?.(onlyWay(m.sdp ?? '', way))
      else if (m.type === 'offer') void receiver.take({ version: m.version ?? 0, fresh: m.fresh ?? false, sdp: onlyWay(m.sdp ?? '', way), tracks: m.tracks ?? [] }).catch(() => undefined)
      else if (m.type === 'figures' && m.up && m.down) figures.push({ up: m.up, down: m.down })
      else if (m.type === 'refused') refused = true
    }
  })
  try {
    if (!(await began)) throw new EchoShut()
    publisher = new Publisher(make(), (sdp, tracks) => new Promise((resolve) => {
      answers.set(++n, resolve)
      post({ type: 'publish', n, sdp, tracks })
    }), () => undefined)
    for (const t of deps.tracks()) await publisher.set(t.kind === 'audio' ? 'audio' : 'video', t)
    void publisher.offer().catch(() => (refused = true))
    for (let ms = 0; ms < CONNECT_MS && !refused && !shut; ms += 250) {
      if (figures.some((f) => f.up.connected && f.down.connected)) break
      await deps.wait(250)
    }
    if (!figures.some((f) => f.up.connected && f.down.connected)) return null
    await deps.wait(MEASURE_MS)
    return figures
  } finally {
    publisher?.close()
    receiver.close()
    socket.close()
  }
}
/** The echo room is not there, or full: nothing was learnt of the line. */
export class EchoShut extends Error {}

/** The best way that carries sound and picture, with its losses. Throws `EchoShut` when there is no echo room to ask. */
export async function echo(deps: EchoDeps, step: (part: number) => void): Promise<Echoed> {
  let relay = false
  for (const [i, way] of (['udp', 'tcp', 'relay'] as const).entries()) {
    if (way === 'relay' && !relay) break
    const got = await tried(way, deps, (ice) => (relay = (ice?.urls.length ?? 0) > 0))
    step((i + 1) / 3)
    if (got) return echoed(way, got)
  }
  return { way: 'none', loss: 1000, rtt_ms: 0 }
}

/** A quiet tone and a small moving picture, for whoever gave no camera: figures alone leave this page. */
export function madeTracks(): { tracks: MediaStreamTrack[]; stop(): void } {
  const tracks: MediaStreamTrack[] = []
  const canvas = document.createElement('canvas')
  canvas.width = 320
  canvas.height = 240
  const pen = canvas.getContext('2d')
  let n = 0
  const timer = setInterval(() => {
    if (!pen) return
    pen.fillStyle = `hsl(${(n += 7) % 360} 40% 40%)`
    pen.fillRect(0, 0, 320, 240)
  }, 100)
  const picture = canvas.captureStream?.(10).getVideoTracks()[0]
  if (picture) tracks.push(picture)
  const Context = window.AudioContext
  const audio = new Context()
  const tone = audio.createOscillator()
  const gain = audio.createGain()
  const out = audio.createMediaStreamDestination()
  gain.gain.value = 0.02
  tone.connect(gain).connect(out)
  tone.start()
  tracks.push(...out.stream.getAudioTracks())
  return {
    tracks,
    stop() {
      clearInterval(timer)
      for (const t of tracks) t.stop()
      void audio.close()
    },
  }
}
export function browserEcho(tracks: () => MediaStreamTrack[]): EchoDeps {
  const { protocol, host } = window.location
  return {
    socket: () => new WebSocket(`${protocol === 'https:' ? 'wss' : 'ws'}://${host}/api/my/media-test`) as unknown as EchoSocket,
    peer: (config) => new RTCPeerConnection(config), tracks, wait: (ms) => new Promise((r) => setTimeout(r, ms)),
  }
}
