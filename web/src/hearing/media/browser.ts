/** What the client needs of a browser. */
import { rooms } from '@/api/rooms'
import type { HearingPass } from '../types'
import type { Deps } from './client'

interface Battery {
  level: number
}
let battery: Battery | undefined
void (navigator as { getBattery?: () => Promise<Battery> }).getBattery?.().then((b) => (battery = b), () => undefined)

/** Where the socket of a pass is: here, or at the server that holds the room. */
export function socketUrl(pass: HearingPass, at: Pick<Location, 'protocol' | 'host'>): string {
  const ws = at.protocol === 'https:' ? 'wss:' : 'ws:'
  const host = pass.address ? pass.address.replace(/^(https?|wss?):\/\//, '').replace(/\/$/, '') : at.host
  return `${ws}//${host}${pass.socket}?token=${encodeURIComponent(pass.token)}`
}
export function browserDeps(court: number, hearing: string): Deps {
  return {
    pass: () => rooms.pass(court, hearing),
    socket: (pass) => new WebSocket(socketUrl(pass, window.location)),
    peer: (config) => new RTCPeerConnection(config),
    now: () => Date.now(),
    every: (ms, run) => {
      const timer = setInterval(run, ms)
      return () => clearInterval(timer)
    },
    visible: () => document.visibilityState === 'visible',
    battery: () => (battery ? Math.round(battery.level * 100) : undefined),
  }
}
