/** Camera, microphone and screen of this device: which were chosen, and getting them. */
const KEYS = { audio: 'lianting.microphone', video: 'lianting.camera', out: 'lianting.speaker' } as const
export type DeviceWhat = keyof typeof KEYS

export function chosen(what: DeviceWhat): string | undefined {
  try {
    return localStorage.getItem(KEYS[what]) ?? undefined
  } catch {
    return undefined
  }
}
export function choose(what: DeviceWhat, id: string): void {
  try {
    localStorage.setItem(KEYS[what], id)
  } catch {
    // the choice lasts as long as the page
  }
}
const PICTURE: MediaTrackConstraints = { width: { ideal: 960 }, height: { ideal: 540 }, frameRate: { ideal: 20, max: 25 } }
const SOUND: MediaTrackConstraints = { echoCancellation: true, noiseSuppression: true, autoGainControl: true }

/** One track; a device that is gone gives way to any other of its kind. */
export async function openTrack(what: 'audio' | 'video'): Promise<MediaStreamTrack> {
  const own = what === 'audio' ? SOUND : PICTURE
  const id = chosen(what)
  const wish = (more: MediaTrackConstraints) => navigator.mediaDevices.getUserMedia({ [what]: { ...own, ...more } })
  let stream: MediaStream
  try {
    stream = await wish(id ? { deviceId: { exact: id } } : what === 'video' ? { facingMode: 'user' } : {})
  } catch (e) {
    if (!id || (e as DOMException).name === 'NotAllowedError') throw e
    stream = await wish({})
  }
  const track = stream.getTracks()[0]
  if (!track) throw new DOMException('no track', 'NotFoundError')
  return track
}
/** Camera and microphone with one question to the person; what is missing is left out and named. */
export async function openBoth(): Promise<{ audio: MediaStreamTrack | null; video: MediaStreamTrack | null; faults: Partial<Record<'audio' | 'video', string>> }> {
  if (!navigator.mediaDevices?.getUserMedia) return { audio: null, video: null, faults: { audio: 'NotSupportedError', video: 'NotSupportedError' } }
  const faults: Partial<Record<'audio' | 'video', string>> = {}
  const get = async (what: 'audio' | 'video') => {
    try {
      return await openTrack(what)
    } catch (e) {
      faults[what] = (e as DOMException).name || 'Error'
      return null
    }
  }
  if (!chosen('audio') && !chosen('video')) {
    try {
      const both = await navigator.mediaDevices.getUserMedia({ audio: SOUND, video: { ...PICTURE, facingMode: 'user' } })
      return { audio: both.getAudioTracks()[0] ?? null, video: both.getVideoTracks()[0] ?? null, faults }
    } catch {
      // one of the two is missing or refused: ask for each
    }
  }
  const audio = await get('audio')
  return { audio, video: await get('video'), faults }
}
export async function listDevices(): Promise<Record<DeviceWhat, { id: string; label: string }[]>> {
  const all = (await navigator.mediaDevices?.enumerateDevices?.()) ?? []
  const of = (kind: MediaDeviceKind) => all.filter((d) => d.kind === kind && d.deviceId).map((d) => ({ id: d.deviceId, label: d.label }))
  return { audio: of('audioinput'), video: of('videoinput'), out: of('audiooutput') }
}
export async function openScreen(): Promise<MediaStreamTrack | null> {
  const stream = await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: { ideal: 10, max: 15 } }, audio: false })
  const track = stream.getVideoTracks()[0] ?? null
  if (track && 'contentHint' in track) track.contentHint = 'detail'
  return track
}
