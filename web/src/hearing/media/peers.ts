/**
 * The two connections of a participant. One publishes: we offer, with three layers of the picture. One receives: the server
 * offers, we answer. Offers of each go one at a time, in order; what comes while one is under way waits.
 */
import type { Ice, TrackKind } from '../types'

export type MakePeer = (config: RTCConfiguration) => RTCPeerConnection
export interface Flow {
  participant: string
  kind: TrackKind
  stream: MediaStream
}
const LAYERS: RTCRtpEncodingParameters[] = [
  { rid: 'q', scaleResolutionDownBy: 4, maxBitrate: 150_000 },
  { rid: 'h', scaleResolutionDownBy: 2, maxBitrate: 400_000 },
  { rid: 'f', maxBitrate: 1_200_000 },
]
export const configOf = (ice: Ice | null | undefined): RTCConfiguration => ({
  bundlePolicy: 'max-bundle',
  iceServers: ice?.urls.length ? [{ urls: ice.urls, username: ice.username, credential: ice.credential }] : [],
})
/** Is there media on this connection? 'new' and 'connecting' are on their way: no loss yet. */
export function isLost(pc: Pick<RTCPeerConnection, 'iceConnectionState' | 'connectionState'>): boolean {
  return pc.connectionState === 'failed' || pc.iceConnectionState === 'failed' || pc.iceConnectionState === 'disconnected'
}

export class Publisher {
  readonly #pc: RTCPeerConnection
  readonly #sends = new Map<TrackKind, RTCRtpTransceiver>()
  readonly #ask: (sdp: string, tracks: [string, TrackKind][]) => Promise<string>
  #turn: Promise<void> = Promise.resolve()
  #again = false
  #closed = false

  /** `ask` sends an offer and gives the answer. */
  constructor(pc: RTCPeerConnection, ask: (sdp: string, tracks: [string, TrackKind][]) => Promise<string>, changed: () => void) {
    this.#pc = pc
    this.#ask = ask
    pc.oniceconnectionstatechange = changed
    pc.onconnectionstatechange = changed
  }
  get lost() {
    return isLost(this.#pc)
  }
  get pc() {
    return this.#pc
  }
  /** Sends this track as `kind`, instead of what was sent before; null: nothing. Says whether a new offer is needed. */
  async set(kind: TrackKind, track: MediaStreamTrack | null): Promise<boolean> {
    const had = this.#sends.get(kind)
    if (had) {
      await had.sender.replaceTrack(track)
      const direction = track ? 'sendonly' : 'inactive'
      // a camera that is changed keeps its place; a screen that ends gives it back
      if (kind !== 'screen' || had.direction === direction) return false
      had.direction = direction
      return true
    }
    if (!track) return false
    const sendEncodings = kind === 'video' ? LAYERS.map((l) => ({ ...l })) : undefined
    this.#sends.set(kind, this.#pc.addTransceiver(track, { direction: 'sendonly', streams: [new MediaStream([track])], sendEncodings }))
    return true
  }
  /** Offers; a wish that comes meanwhile is one more offer, not two at once. */
  offer(restart = false): Promise<void> {
    if (this.#again && !restart) return this.#turn
    this.#again = true
    this.#turn = this.#turn.catch(() => undefined).then(async () => {
      this.#again = false
      if (this.#closed) return
      await this.#pc.setLocalDescription(await this.#pc.createOffer({ iceRestart: restart }))
      const tracks: [string, TrackKind][] = []
      for (const [kind, t] of this.#sends) if (t.mid !== null) tracks.push([t.mid, kind])
      const sdp = await this.#ask(this.#pc.localDescription?.sdp ?? '', tracks)
      if (!this.#closed) await this.#pc.setRemoteDescription({ type: 'answer', sdp })
    })
    return this.#turn
  }
  close() {
    this.#closed = true
    this.#pc.close()
  }
}

export class Receiver {
  #pc: RTCPeerConnection | null = null
  #turn: Promise<void> = Promise.resolve()
  #streams = new Map<string, MediaStream>()
  flows: Flow[] = []

  /** `make` gives a new connection; `answer` sends what we answer; `changed` hears of flows and of states. */
  constructor(
    readonly make: () => RTCPeerConnection,
    readonly answer: (version: number, sdp: string) => void,
    readonly changed: () => void,
  ) {}
  get lost() {
    return this.#pc !== null && isLost(this.#pc)
  }
  get pc() {
    return this.#pc
  }
  take(offer: { version: number; fresh: boolean; sdp: string; tracks: [string, string, TrackKind][] }): Promise<void> {
    this.#turn = this.#turn.catch(() => undefined).then(() => this.#take(offer))
    return this.#turn
  }
  async #take({ version, fresh, sdp, tracks }: { version: number; fresh: boolean; sdp: string; tracks: [string, string, TrackKind][] }) {
    if (fresh || !this.#pc) {
      this.close()
      const made = this.make()
      made.oniceconnectionstatechange = this.changed
      made.onconnectionstatechange = this.changed
      this.#pc = made
    }
    const pc = this.#pc
    await pc.setRemoteDescription({ type: 'offer', sdp })
    await pc.setLocalDescription(await pc.createAnswer())
    if (pc !== this.#pc) return
    this.answer(version, pc.localDescription?.sdp ?? '')
    this.flows = this.#sort(pc, tracks)
    this.changed()
  }
  /** Whose track is which: by the section, never by what a track says of itself. One stream a track for as long as it lives. */
  #sort(pc: RTCPeerConnection, tracks: [string, string, TrackKind][]): Flow[] {
    const named = new Map(tracks.map(([mid, participant, kind]) => [mid, { participant, kind }]))
    const flows: Flow[] = []
    for (const t of pc.getTransceivers()) {
      const who = t.mid === null ? undefined : named.get(t.mid)
      if (!who || t.currentDirection === 'inactive' || t.currentDirection === 'stopped') continue
      const key = `${who.participant}/${who.kind}/${t.receiver.track.id}`
      let stream = this.#streams.get(key)
      if (!stream) this.#streams.set(key, (stream = new MediaStream([t.receiver.track])))
      flows.push({ ...who, stream })
    }
    return flows
  }
  close() {
    this.#pc?.close()
    this.#pc = null
    this.#streams.clear()
    this.flows = []
  }
}
