import { onScopeDispose, ref, watch } from 'vue'
import { asProblem } from '@/api'
import { rooms } from '@/api/hearings'
import { HINTS } from '../media/hints'
import type { Said } from '../types'
import type { HearingPlace, RoomSeat } from './types'

/** Being there before the room: a seat in the waiting room, and being told at once what changes. It sends no sound and no picture. */
interface Word {
  type: string
  place?: HearingPlace
  to?: HearingPlace
  items?: RoomSeat[]
  why?: string
}
/** The desk is read anew at every coming and going, and with each step. */
const MORE: Record<string, string[]> = { state: ['hearing', 'hearing-desk'], presence: ['hearing-desk'] }
/** seconds until the next try */
export const backoffOf = (tries: number): number => Math.min(30, 2 ** Math.min(tries, 5))

export function useWaitingSocket(at: () => { court: number; hearing: string; on: boolean }, changed: (what: string) => void) {
  const connected = ref(false)
  const place = ref<HearingPlace>()
  const here = ref<RoomSeat[]>([])
  const replaced = ref(false)
  let socket: WebSocket | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let beat: ReturnType<typeof setInterval> | undefined
  let tries = 0
  let over = false

  function close() {
    clearTimeout(timer)
    clearInterval(beat)
    socket?.close()
    socket = null
    connected.value = false
  }
  function later() {
    clearTimeout(timer)
    if (!over && at().on && !replaced.value) timer = setTimeout(() => void open(), backoffOf(tries++) * 1000)
  }
  function hear(word: Word) {
    if (word.type === 'hello') {
      connected.value = true
      tries = 0
      place.value = word.place
    } else if (word.type === 'place') place.value = word.to
    else if (word.type === 'presence') here.value = word.items ?? []
    else if (word.type === 'bye') replaced.value = word.why === 'replaced'
    for (const what of [...(HINTS[word.type as Said['type']] ?? []), ...(MORE[word.type] ?? [])]) changed(what)
  }
  async function open() {
    const { court, hearing, on } = at()
    if (!on || over || socket) return
    try {
      const pass = await rooms.pass(court, hearing)
      if (over || !at().on) return
      const host = pass.address ?? window.location.host
      const base = /^wss?:\/\//.test(host) ? host : `${window.location.protocol === 'https:' ? 'wss' : 'ws'}://${host.replace(/^https?:\/\//, '')}`
      socket = new WebSocket(`${base}${pass.socket}?token=${encodeURIComponent(pass.token)}`)
      socket.onmessage = (e) => {
        try {
          hear(JSON.parse(String(e.data)) as Word)
        } catch {
          // not one of ours
        }
      }
      socket.onclose = () => {
        socket = null
        connected.value = false
        clearInterval(beat)
        later()
      }
      beat = setInterval(() => {
        if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ type: 'beat', up_loss: 0, down_loss: 0, rtt: 0, visible: document.visibilityState === 'visible', camera: false, microphone: false }))
      }, 10_000)
    } catch (e) {
      // not open yet, over, or no media here: ask again later, the page goes on by itself
      if (asProblem(e).status === 404) return
      later()
    }
  }
  watch(() => at().on, (on) => (on ? void open() : close()), { immediate: true })
  onScopeDispose(() => {
    over = true
    close()
  })
  return { connected, place, here, replaced }
}
