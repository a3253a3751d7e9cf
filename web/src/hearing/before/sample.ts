import { before } from '@/api/hearings'
import { EchoShut, browserEcho, echo, madeTracks, type Echoed } from './echo'
import { brightnessOf, kbps, levelOf, lossOf, median } from './measure'
import type { HearingMeasured } from './types'

/** Takes samples of picture, sound and network. Nothing of the picture or the sound leaves this page: only figures do. */
const wait = (ms: number) => new Promise<void>((r) => setTimeout(r, ms))

interface FaceFinder { detect(source: HTMLVideoElement): Promise<unknown[]> }
/** Chromium on some phones finds faces by itself; elsewhere the question stays open. */
async function faceIn(video: HTMLVideoElement): Promise<boolean | undefined> {
  const Finder = (window as unknown as { FaceDetector?: new () => FaceFinder }).FaceDetector
  if (!Finder) return undefined
  try {
    return (await new Finder().detect(video)).length > 0
  } catch {
    return undefined
  }
}
export async function sampleCamera(video: HTMLVideoElement, ms = 2000): Promise<NonNullable<HearingMeasured['camera']>> {
  const canvas = document.createElement('canvas')
  canvas.width = 64
  canvas.height = 36
  const pen = canvas.getContext('2d', { willReadFrequently: true })
  let frames = 0
  let last = -1
  const lights: number[] = []
  const end = performance.now() + ms
  const begun = performance.now()
  while (performance.now() < end) {
    if (video.currentTime !== last && video.readyState >= 2) {
      last = video.currentTime
      frames++
      if (pen && frames % 5 === 1) {
        pen.drawImage(video, 0, 0, 64, 36)
        lights.push(brightnessOf(pen.getImageData(0, 0, 64, 36).data))
      }
    }
    await wait(16)
  }
  const fps = Math.round((frames * 1000) / (performance.now() - begun))
  return { allowed: true, works: frames > 0, height: video.videoHeight, fps, brightness: median(lights), face: await faceIn(video) }
}

/** Listens; `each` hears every level for the bars. Ends by itself or when `stopped` says so. */
export async function listen(stream: MediaStream, ms: number, each: (level: number) => void, stopped: () => boolean): Promise<number[]> {
  const Context = window.AudioContext ?? (window as unknown as { webkitAudioContext: typeof AudioContext }).webkitAudioContext
  const audio = new Context()
  await audio.resume().catch(() => undefined)
  const analyser = audio.createAnalyser()
  analyser.fftSize = 1024
  audio.createMediaStreamSource(stream).connect(analyser)
  const frame = new Float32Array(analyser.fftSize)
  const levels: number[] = []
  const end = performance.now() + ms
  while (performance.now() < end && !stopped()) {
    analyser.getFloatTimeDomainData(frame)
    const level = levelOf(frame)
    levels.push(level)
    each(level)
    await wait(60)
  }
  void audio.close()
  return levels
}

/** Three soft notes; through the speaker that was chosen where the browser can. */
export async function playTone(speaker?: string): Promise<void> {
  const Context = window.AudioContext ?? (window as unknown as { webkitAudioContext: typeof AudioContext }).webkitAudioContext
  const audio = new Context() as AudioContext & { setSinkId?: (id: string) => Promise<void> }
  await audio.resume().catch(() => undefined)
  if (speaker) await audio.setSinkId?.(speaker).catch(() => undefined)
  const begin = audio.currentTime + 0.05
  for (const [i, pitch] of [523.25, 659.25, 783.99].entries()) {
    const note = audio.createOscillator()
    const gain = audio.createGain()
    note.frequency.value = pitch
    gain.gain.setValueAtTime(0.0001, begin + i * 0.45)
    gain.gain.exponentialRampToValueAtTime(0.25, begin + i * 0.45 + 0.05)
    gain.gain.exponentialRampToValueAtTime(0.0001, begin + i * 0.45 + 0.42)
    note.connect(gain).connect(audio.destination)
    note.start(begin + i * 0.45)
    note.stop(begin + i * 0.45 + 0.45)
  }
  await wait(1500)
  void audio.close()
}

const timed = async <T>(act: () => Promise<T>): Promise<{ ms: number; got: T }> => {
  const begun = performance.now()
  const got = await act()
  return { ms: performance.now() - begun, got }
}
/** Random bytes: what compresses well would lie about the line. */
function filled(size: number): Blob {
  const parts: Uint8Array<ArrayBuffer>[] = []
  for (let left = size; left > 0; left -= 65_536) parts.push(crypto.getRandomValues(new Uint8Array(Math.min(left, 65_536))))
  return new Blob(parts)
}
/** A slow line is not asked for more than it can carry in a few seconds. */
async function rate(act: (size: number) => Promise<unknown>, step: (part: number) => void): Promise<number> {
  let best = 0
  for (const [i, size] of [65_536, 524_288, 2_097_152].entries()) {
    const { ms } = await timed(() => act(size))
    best = Math.max(best, kbps(size, ms))
    step((i + 1) / 3)
    if (ms > 2500) break
  }
  return best
}
/** Can this browser send media over UDP at all? The true way to the court is found where the room is open. */
export async function udpHere(): Promise<boolean> {
  const pc = new RTCPeerConnection()
  try {
    pc.createDataChannel('probe')
    const found = new Promise<boolean>((resolve) => {
      pc.onicecandidate = (e) => { if (!e.candidate) resolve(false); else if (/ udp /i.test(e.candidate.candidate)) resolve(true) }
      setTimeout(() => resolve(false), 3000)
    })
    await pc.setLocalDescription(await pc.createOffer())
    return await found
  } catch {
    return false
  } finally {
    pc.close()
  }
}
/** The way to the media server and its losses; without an echo room only what the browser can tell by itself. */
async function lineTo(step: (part: number) => void): Promise<Partial<Echoed> & { way: Echoed['way'] }> {
  const made = madeTracks()
  try {
    return await echo(browserEcho(() => made.tracks), step)
  } catch (e) {
    if (!(e instanceof EchoShut)) throw e
    return { way: (await udpHere()) ? 'udp' : 'tcp' }
  } finally {
    made.stop()
  }
}
/** Round trips, then down, then up, then the way of a hearing; `step` gets the part done, 0 to 1. Throws when the court cannot be reached. */
export async function sampleNetwork(step: (part: number) => void): Promise<NonNullable<HearingMeasured['network']>> {
  const trips: number[] = []
  let lost = 0
  for (let i = 0; i < 12; i++) {
    const patience = new AbortController()
    const timer = setTimeout(() => patience.abort(), 2000)
    await timed(() => before.readBytes(1, patience.signal)).then(({ ms }) => trips.push(ms), () => lost++)
    clearTimeout(timer)
    step((i + 1) / 36)
  }
  if (!trips.length) throw new Error('the court does not answer')
  const down_kbps = await rate((size) => before.readBytes(size), (p) => step(0.34 + p * 0.2))
  const up_kbps = await rate((size) => before.sendBytes(filled(size)), (p) => step(0.54 + p * 0.2))
  const line = await lineTo((p) => step(0.74 + p * 0.25))
  step(1)
  return { way: line.way, up_kbps, down_kbps, loss: line.loss ?? lossOf(12, lost), rtt_ms: line.rtt_ms || Math.round(median(trips)) }
}
