/** Camera, microphone and speaker of this device: whether the page may use them, and which the person chose. */
export type Trouble = 'old' | 'insecure' | 'denied' | 'none' | 'busy'

export interface Chosen {
  camera?: string
  microphone?: string
  speaker?: string
}
const KEY = 'lianting.devices'
export function chosenDevices(): Chosen {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? '{}') as Chosen
  } catch {
    return {} // storage switched off, or somebody else's words
  }
}
export function keepDevices(c: Chosen): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(c))
  } catch {
    // the choice then lasts as long as the page
  }
}

/** What a hearing needs of a browser; null when it is all there. */
export function browserTrouble(w: { isSecureContext: boolean; RTCPeerConnection?: unknown; WebSocket?: unknown; AudioContext?: unknown; webkitAudioContext?: unknown; navigator: { mediaDevices?: { getUserMedia?: unknown } } }): 'old' | 'insecure' | null {
  if (!w.isSecureContext) return 'insecure'
  const able = w.RTCPeerConnection && w.WebSocket && (w.AudioContext ?? w.webkitAudioContext) && w.navigator.mediaDevices?.getUserMedia
  return able ? null : 'old'
}
/** Why a device could not be opened: words differ by browser, meanings do not. */
export function troubleOf(error: unknown): Trouble {
  const name = error instanceof Error || (typeof DOMException !== 'undefined' && error instanceof DOMException) ? error.name : ''
  if (/NotAllowed|PermissionDenied|Security/.test(name)) return 'denied'
  if (/NotFound|DevicesNotFound|Overconstrained/.test(name)) return 'none'
  if (/NotReadable|TrackStart|Abort/.test(name)) return 'busy'
  return typeof navigator !== 'undefined' && !navigator.mediaDevices ? 'old' : 'busy'
}
export type Where = 'wechat' | 'ios' | 'android' | 'desk'
/** Where the leave to use the camera is given differs by program. */
export function whereOf(agent: string): Where {
  if (/MicroMessenger/i.test(agent)) return 'wechat'
  if (/iPhone|iPad|iPod/i.test(agent)) return 'ios'
  return /Android|HarmonyOS/i.test(agent) ? 'android' : 'desk'
}
/** Browser and system in a few words, for the clerk and the technician; nothing that tells one person from another. */
export function deviceWords(agent: string): string {
  const system = /HarmonyOS/i.test(agent) ? 'HarmonyOS' : /Android ([\d.]+)/i.exec(agent)?.[0] ?? (/iPhone|iPad/.test(agent) ? `iOS ${/OS (\d+[_\d]*)/.exec(agent)?.[1]?.replace(/_/g, '.') ?? ''}`.trim() : /Windows/.test(agent) ? 'Windows' : /Mac OS X/.test(agent) ? 'macOS' : /Linux/.test(agent) ? 'Linux' : '')
  const browser = /MicroMessenger\/[\d]+/.exec(agent)?.[0].replace('MicroMessenger', 'WeChat') ?? /(Edg|Firefox|Chrome)\/\d+/.exec(agent)?.[0] ?? (/Version\/(\d+).*Safari/.exec(agent) ? `Safari/${/Version\/(\d+)/.exec(agent)?.[1] ?? ''}` : '')
  return [system, browser].filter(Boolean).join(' · ').slice(0, 200) || 'unknown'
}
const ideal = (id?: string) => (id ? { deviceId: { ideal: id } } : {})
/** One device at a time: a phone without a camera still has its microphone. */
export const openCamera = (id?: string): Promise<MediaStream> => navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 1280 }, height: { ideal: 720 }, facingMode: 'user', ...ideal(id) } })
export const openMicrophone = (id?: string): Promise<MediaStream> => navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true, ...ideal(id) } })
export const stop = (s: MediaStream | null | undefined): void => s?.getTracks().forEach((track) => track.stop())
