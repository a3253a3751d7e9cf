import { useQueryClient } from '@tanstack/vue-query'
import { computed, markRaw, onScopeDispose, reactive, ref, shallowRef } from 'vue'
import type {
  Health, HelloSaid, Layout, MarkOnPage, Place, RecordingSaid, Rung, Said, Seat, Shown, StateSaid, StepOrder, ToldSaid, TrackKind, Wish,
} from '../types'
import { browserDeps } from '../media/browser'
import { RoomClient, Refused, type End } from '../media/client'
import { choose, openBoth, openScreen, openTrack } from '../media/devices'
import { barsOf, type Figures } from '../media/figures'
import { HINTS, MOVED } from '../media/hints'
import type { Flow } from '../media/peers'
import { carried } from '../media/switches'
import { stillTrue, withNotice, type Notice } from './course'
import { relayed } from './relay'
import { useVoices } from './voices'

/** A prompt or a warning given from this page. */
export interface Warned {
  id: string
  participant: string
  rung: Rung
  sent_at: string
  delivered_at?: string
  seen_at?: string
}
export type RoomPhase = 'joining' | 'in' | 'ended'

/** Between the machines: an offer overtaken by the next is nobody's fault, and comes again by itself. */
const UNSEEN = new Set(['publish', 'receive', 'answer', 'beat', 'cap', 'mute', 'closing', 'show'])

/** The room as a page sees it: everything the socket says, kept; every wish, sent; the own devices. One per page. */
export function useRoom(court: number, hearing: string) {
  const queries = useQueryClient()
  const phase = ref<RoomPhase>('joining')
  const hello = ref<HelloSaid>()
  const state = ref<StateSaid>()
  const stateAt = ref(0)
  const seats = ref<Seat[]>([])
  const place = ref<Place>('outside')
  const flows = shallowRef<Flow[]>([])
  const view = ref<{ layout: Layout; spotlight?: string | null }>({ layout: 'speaker' })
  const shown = ref<Shown | null>(null)
  const recording = ref<RecordingSaid>()
  const recordingAt = ref(0)
  const told = ref<ToldSaid[]>([])
  const invited = ref<{ room: string; name: string } | null>(null)
  const lostAt = ref<number | null>(null)
  const ended = ref<{ why: End; fault?: unknown }>()
  const figures = ref<Figures>({ up_loss: 0, down_loss: 0, rtt: 0 })
  const trouble = ref<Refused | null>(null)
  const notices = ref<Notice[]>([])
  const warned = ref<Warned[]>([])
  const rollCall = ref(false)
  /** of whom a private talk was asked, and whether its door is locked */
  const roomLocked = ref(false)
  const hears = ref('')
  const soundBlocked = ref(false)
  const last = ref<{ n: number; what: string; at: string; participant?: string; data: Record<string, unknown> }>()
  const own = reactive<{ audio: MediaStreamTrack | null; video: MediaStreamTrack | null; screen: MediaStreamTrack | null; mic: boolean; cam: boolean; faults: Record<string, string> }>(
    { audio: null, video: null, screen: null, ...carried(hearing), faults: {} })
  const selfView = shallowRef<MediaStream | null>(null)
  /** came in without devices: nothing was muted */
  let looking = false

  const me = computed(() => seats.value.find((s) => s.participant === hello.value?.participant))
  const bars = computed<Health>(() => (lostAt.value !== null ? 'gone' : barsOf(figures.value)))

  function hear(m: Said) {
    if (m.type === 'hello') {
      hello.value = m
      place.value = m.place
      hears.value = m.hears ?? ''
      phase.value = 'in'
      shown.value = null
      invited.value = null
      // after a loss the pages may have missed hints
      for (const keys of Object.values(HINTS)) for (const key of keys ?? []) void queries.invalidateQueries({ queryKey: [key] })
      if (!own.mic && !looking) client.post({ type: 'mute', what: 'audio', on: true })
      if (!own.cam && !looking) client.post({ type: 'mute', what: 'video', on: true })
    } else if (m.type === 'state') {
      const moved = state.value?.state !== m.state
      state.value = m
      stateAt.value = Date.now()
      if (moved) {
        void client.publishAgain().catch(() => undefined)
        for (const key of MOVED) void queries.invalidateQueries({ queryKey: [key] })
      }
    } else if (m.type === 'presence') {
      seats.value = m.items
      notices.value = stillTrue(notices.value, m.items)
    }
    else if (m.type === 'place') {
      place.value = m.to
      roomLocked.value = false
      void client.publishAgain().catch(() => undefined)
    } else if (m.type === 'view') view.value = m
    else if (m.type === 'show') shown.value = m.exhibit === null ? null : m
    else if (m.type === 'recording') {
      recording.value = m
      recordingAt.value = Date.now()
    } else if (m.type === 'told') {
      client.post({ type: 'told', id: m.id, seen: false })
      if (!told.value.some((x) => x.id === m.id)) told.value = [...told.value, m]
    } else if (m.type === 'invited') invited.value = { room: m.room, name: m.name }
    else if (m.type === 'event') {
      last.value = m
      if (m.what === 'told') heardOf(m.participant, m.data, m.at)
    }
    else if (m.type === 'alert' || m.type === 'dropout') {
      const who = m.participant ?? undefined
      const more = m.type === 'dropout' ? { cause: m.cause, sure: m.sure } : {}
      notices.value = withNotice(notices.value, { key: `${m.type === 'alert' ? m.kind : 'dropout'}-${who ?? ''}`, kind: m.type === 'alert' ? m.kind : 'dropout', participant: who, at: Date.now(), ...more })
    }
    else if (m.type === 'refused' && !UNSEEN.has(m.to)) trouble.value = new Refused(m)
    for (const key of HINTS[m.type] ?? []) void queries.invalidateQueries({ queryKey: [key] })
  }
  const client = markRaw(new RoomClient(browserDeps(court, hearing), {
    said: hear,
    flows: (f) => (flows.value = f),
    lost: (since) => (lostAt.value = since),
    figures: (f) => (figures.value = f),
    ended: (why, fault) => {
      phase.value = 'ended'
      ended.value = { why, fault }
      stopDevices()
    },
  }))

  /** Sends a wish and shows the refusal, if one comes. */
  async function wish(w: Wish): Promise<boolean> {
    try {
      await client.ask(w)
      return true
    } catch (e) {
      if (e instanceof Refused) trouble.value = e
      return false
    }
  }
  async function callRoll(on: boolean) {
    if (await wish({ type: 'roll_call', on })) rollCall.value = on
  }
  async function lockRoom(on: boolean) {
    if (await wish({ type: 'room', do: 'lock', on })) roomLocked.value = on
  }
  async function listen(language: string) {
    if (await wish({ type: 'channel', language: language || undefined })) hears.value = language
  }
  /** The answer carries the id under which delivery and sight are told of. */
  async function warn(participant: string, rung: Rung): Promise<boolean> {
    try {
      const done = (await client.ask({ type: 'warn', participant, rung })) as { id?: string }
      if (done.id) warned.value = [...warned.value, { id: done.id, participant, rung, sent_at: new Date().toISOString() }]
      return true
    } catch (e) {
      if (e instanceof Refused) trouble.value = e
      return false
    }
  }
  function heardOf(participant: string | undefined, data: Record<string, unknown>, at: string) {
    warned.value = warned.value.map((w) => (w.id === data.id && w.participant === participant ? { ...w, delivered_at: w.delivered_at ?? at, seen_at: data.seen ? at : w.seen_at } : w))
  }
  const dismiss = (key: string) => (notices.value = notices.value.filter((n) => n.key !== key))
  const step = (order: StepOrder) => client.ask({ type: 'step', version: state.value?.version, ...order })

  // ---- own devices ----
  const voices = useVoices(own, (track) => client.setSecondVoice(track))
  const stopped = new Set<MediaStreamTrack>()
  function showSelf() {
    selfView.value = own.video && own.cam ? new MediaStream([own.video]) : null
  }
  function keep(kind: 'audio' | 'video', track: MediaStreamTrack | null) {
    const old = own[kind]
    if (old && old !== track) {
      stopped.add(old)
      old.stop()
    }
    own[kind] = track ? markRaw(track) : null
    if (track) {
      if (kind === 'video') track.enabled = own.cam
      track.onended = () => {
        if (stopped.has(track)) return
        client.post({ type: 'device', what: kind })
        own.faults[kind] = 'ended'
      }
      delete own.faults[kind]
    }
    if (kind === 'audio') voices.renew()
    showSelf()
    // the page does not wait for the server: the own picture is there at once
    void client.setTrack(kind, track).catch(() => undefined)
  }
  async function openDevices() {
    const got = await openBoth()
    Object.assign(own.faults, got.faults)
    keep('audio', got.audio)
    keep('video', got.video)
  }
  async function changeDevice(kind: 'audio' | 'video', id?: string) {
    if (id) choose(kind, id)
    try {
      keep(kind, await openTrack(kind))
    } catch (e) {
      own.faults[kind] = (e as DOMException).name || 'Error'
    }
  }
  function mute(kind: 'audio' | 'video', on: boolean) {
    looking = false
    if (kind === 'audio') own.mic = !on
    else own.cam = !on
    const track = own[kind]
    if (kind === 'audio') voices.sort()
    else if (track) track.enabled = !on
    showSelf()
    client.post({ type: 'mute', what: kind, on })
    if (!on && !track) void changeDevice(kind)
  }
  /** Stops sending, and gives the devices back. */
  function silence() {
    own.mic = own.cam = false
    keep('audio', null)
    keep('video', null)
  }
  async function share(on: boolean) {
    if (!on) {
      const was = own.screen
      own.screen = null
      was?.stop()
      return client.setTrack('screen', null)
    }
    try {
      const track = await openScreen()
      if (!track) return
      own.screen = markRaw(track)
      track.onended = () => void share(false)
      await client.setTrack('screen', track)
    } catch {
      // the person closed the browser's question
    }
  }
  function stopDevices() {
    voices.stop()
    for (const k of ['audio', 'video', 'screen'] as const) {
      const t = own[k]
      if (!t) continue
      stopped.add(t)
      t.onended = null
      t.stop()
      own[k] = null
    }
    selfView.value = null
  }

  // ---- evidence: at most ten messages a second, the last always goes ----
  const relay = relayed<Shown | null>(110, (s) => client.post(s ? { type: 'show', ...s } : { type: 'show', exhibit: null }))
  function show(next: Shown | null) {
    shown.value = next && { ...next, by: hello.value?.participant }
    relay(next)
  }
  function mark(marks: MarkOnPage[]) {
    if (shown.value) show({ ...shown.value, marks })
  }

  // ---- the page's own life ----
  const away = () => client.closing()
  const offline = () => client.offline(true)
  const online = () => client.offline(false)
  const network = (navigator as { connection?: EventTarget }).connection
  const changed = () => client.networkChanged()
  const replug = () => {
    for (const k of ['audio', 'video'] as const) if (own.faults[k] === 'ended' || own.faults[k] === 'NotFoundError') void changeDevice(k)
  }
  window.addEventListener('pagehide', away)
  window.addEventListener('offline', offline)
  window.addEventListener('online', online)
  network?.addEventListener('change', changed)
  navigator.mediaDevices?.addEventListener?.('devicechange', replug)
  onScopeDispose(() => {
    window.removeEventListener('pagehide', away)
    window.removeEventListener('offline', offline)
    window.removeEventListener('online', online)
    network?.removeEventListener('change', changed)
    navigator.mediaDevices?.removeEventListener?.('devicechange', replug)
    if (!client.over) client.leave()
    stopDevices()
  })

  /** Who only watches is asked for no camera; who looks first is asked once a switch is turned on. */
  async function start(mayPublish: boolean, devices = mayPublish) {
    looking = mayPublish && !devices
    if (looking) own.mic = own.cam = false
    client.start(mayPublish)
    if (devices) await openDevices()
  }
  const streamOf = (participant: string, kind: TrackKind) => flows.value.find((f) => f.participant === participant && f.kind === kind)?.stream ?? null
  function seen(id: string) {
    client.post({ type: 'told', id, seen: true })
    told.value = told.value.filter((x) => x.id !== id)
  }
  return {
    court, hearing, client, phase, hello, state, stateAt, seats, place, flows, view, shown, recording, recordingAt, told, invited, lostAt, ended, figures, bars, trouble, notices, warned, rollCall, roomLocked, hears,
    soundBlocked, last, own, selfView, me, wish, step, openDevices, changeDevice, mute, silence, share, show, mark, start, streamOf, seen,
    voice: voices.voice, speakInto: voices.speakInto, warn, callRoll, lockRoom, listen, dismiss, leave: () => client.leave(), stepOver: () => client.stepOver(),
  }
}
export type Room = ReturnType<typeof useRoom>
