import { computed, watch } from 'vue'
import { isSitting } from '@/hearing/schedule/program'
import { useLine } from '../media/useLine'
import type { HearingState } from '../types'
import { heldElsewhere, layerOf, maySee, opensItself, pictureOf, placeToSpeak, streamIn, type Picture } from './sight'
import type { DeskSeat } from './types'

const KEY = 'lianting.sight'
function before(hearing: string): boolean {
  try {
    return sessionStorage.getItem(KEY) === hearing
  } catch {
    return false // storage switched off: one presses each time
  }
}
function remember(hearing: string, on: boolean) {
  try {
    if (on) sessionStorage.setItem(KEY, hearing)
    else sessionStorage.removeItem(KEY)
  } catch {
    // as above
  }
}
interface At {
  court: number
  hearing: string
  state: HearingState | undefined
  /** own seat; none: this person does not sit in this hearing */
  own: string | undefined
  items: DeskSeat[] | undefined
  chosen: DeskSeat | undefined
}

/** The clerk's eyes and ears at the identity desk: a line that looks first, and speaks when a switch is turned on. */
export function useDeskSight(at: () => At, changed: () => void) {
  const line = useLine(() => ({ court: at().court, hearing: at().hearing }))
  const room = computed(() => (line.room.value?.ended.value ? null : line.room.value))
  const ended = computed(() => line.room.value?.ended.value)
  const on = computed(() => room.value !== null)
  const lost = computed(() => (room.value?.lostAt.value ?? null) !== null)
  const seats = computed(() => room.value?.seats.value ?? [])
  const flows = computed(() => room.value?.flows.value ?? [])
  const may = computed(() => Boolean(at().own) && maySee(at().state))
  const elsewhere = computed(() => heldElsewhere(at().items ?? [], at().own, on.value))
  const sits = computed(() => isSitting(room.value?.state.value?.state ?? 'waiting'))
  const speaking = computed(() => Boolean(room.value?.own.mic && room.value.own.audio))
  const shown = computed(() => Boolean(room.value?.own.cam && room.value.own.video))

  function open() {
    remember(at().hearing, true)
    line.open(false)
  }
  /** back to the clerk's own place, wherever the clerk stood to speak */
  function goBack() {
    const own = room.value?.hello.value?.participant
    if (own && room.value?.place.value === 'waiting_room') room.value.client.post({ type: 'place', participant: own, to: 'courtroom' })
  }
  function close() {
    remember(at().hearing, false)
    goBack()
    line.close()
  }
  /** To the room: that page takes the seat over. */
  function toRoom() {
    goBack()
    room.value?.stepOver()
  }
  const seatOf = (p: string) => seats.value.find((s) => s.participant === p)
  const videoOf = (p: string) => streamIn(flows.value, p, 'video')
  const soundOf = (p: string) => streamIn(flows.value, p, 'audio')
  const picture = (p: string): Picture => pictureOf(seatOf(p), videoOf(p))
  const small = (p: string) => (picture(p) === 'live' ? videoOf(p) : null)

  /** Where the clerk stands follows whom the clerk speaks to. */
  function stand() {
    const r = room.value
    const own = r?.hello.value?.participant
    if (!r || !own || sits.value || r.state.value?.state !== 'waiting') return
    const to = speaking.value || shown.value ? placeToSpeak(at().chosen) : 'courtroom'
    if (r.place.value !== to && (r.place.value === 'courtroom' || r.place.value === 'waiting_room')) void r.wish({ type: 'place', participant: own, to })
  }
  watch([speaking, shown, () => at().chosen?.participant_id, () => at().chosen?.place, () => room.value?.state.value?.state, () => room.value?.hello.value], stand)
  watch([() => at().chosen?.participant_id, () => flows.value.map((f) => f.participant).join()], () => {
    for (const f of flows.value) if (f.kind === 'video') room.value?.client.post({ type: 'cap', publisher: f.participant, what: 'video', layer: layerOf(f.participant, at().chosen?.participant_id) })
  })
  // what is said at the desk is not said to the court
  watch(sits, (now) => now && room.value?.silence())
  watch(() => seats.value.map((s) => `${s.participant}${s.connected}${s.place}`).join(), changed)
  let tried = ''
  watch(() => [may.value, at().items, at().hearing] as const, () => {
    const { hearing, state, items } = at()
    if (!items || !may.value || tried === hearing) return
    tried = hearing
    if (opensItself({ state, before: before(hearing), elsewhere: elsewhere.value })) line.open(false)
  }, { immediate: true })
  return { room, ended, on, lost, may, elsewhere, sits, speaking, shown, open, close, toRoom, seatOf, videoOf, soundOf, picture, small }
}
export type DeskSight = ReturnType<typeof useDeskSight>
