import { computed, onScopeDispose, reactive, ref, shallowRef } from 'vue'
import { newKey } from '@/api'
import { before } from '@/api/hearings'
import { browserTrouble, chosenDevices, deviceWords, keepDevices, openCamera, openMicrophone, stop, troubleOf, type Chosen, type Trouble } from './devices'
import { nextOf, rowsOf, sendable, voiceOf } from './measure'
import { listen, playTone, sampleCamera, sampleNetwork } from './sample'
import type { HearingMeasured, HearingTestReport, TestItem } from './types'

export interface Subject {
  /** none: a test without a hearing, which the court does not keep */
  court?: number
  hearing?: string
  show: boolean
  rehearse: boolean
}
/** One run of the test: what is measured, what runs now, what the court says of it. */
export function useSelfTest(of: () => Subject) {
  const trouble = browserTrouble(window as never)
  const measured = reactive<HearingMeasured>({})
  const report = ref<HearingTestReport>()
  const running = ref<TestItem | null>(null)
  const part = ref(0)
  const level = ref(-100)
  const error = ref<unknown>(null)
  const denied = ref<Trouble | null>(trouble)
  const camera = shallowRef<MediaStream | null>(null)
  const microphone = shallowRef<MediaStream | null>(null)
  const chosen = reactive<Chosen>(chosenDevices())
  const devices = ref<MediaDeviceInfo[]>([])
  let gone = false

  const rows = computed(() => rowsOf(report.value, of()))
  const next = computed(() => nextOf(rows.value))

  async function send() {
    const { court, hearing } = of()
    const all = sendable(measured)
    error.value = null
    try {
      report.value = court && hearing ? await before.submitTest(court, hearing, { device: deviceWords(navigator.userAgent), measured: all }, newKey()) : await before.scoreTest(all)
    } catch (e) {
      error.value = e
    }
  }
  const list = async () => {
    devices.value = await navigator.mediaDevices.enumerateDevices().catch(() => [])
  }
  async function runCamera(video: HTMLVideoElement | null) {
    running.value = 'camera'
    stop(camera.value)
    try {
      camera.value = await openCamera(chosen.camera)
      denied.value = null
      await list()
      if (video) {
        video.srcObject = camera.value
        await video.play().catch(() => undefined)
        measured.camera = await sampleCamera(video)
      }
    } catch (e) {
      denied.value = troubleOf(e)
      measured.camera = { allowed: denied.value !== 'denied', works: false, height: 0, fps: 0, brightness: 0 }
    }
    await settle()
  }
  async function runMicrophone() {
    running.value = 'microphone'
    stop(microphone.value)
    try {
      microphone.value = await openMicrophone(chosen.microphone)
      await list()
      const levels = await listen(microphone.value, 6000, (l) => (level.value = l), () => gone)
      measured.microphone = { allowed: true, works: Math.max(...levels, -100) > -99, ...voiceOf(levels) }
    } catch (e) {
      const why = troubleOf(e)
      if (why === 'denied') denied.value = why
      measured.microphone = { allowed: why !== 'denied', works: false, peak: -100, noise: -100 }
    }
    stop(microphone.value)
    level.value = -100
    await settle()
  }
  async function play() {
    running.value = 'speaker'
    await playTone(chosen.speaker).catch(() => undefined)
    running.value = null
  }
  async function heard(yes: boolean) {
    measured.heard = yes
    await settle()
  }
  async function runNetwork() {
    running.value = 'network'
    part.value = 0
    try {
      measured.network = await sampleNetwork((p) => (part.value = p))
    } catch {
      measured.network = { way: 'none', up_kbps: 0, down_kbps: 0, loss: 1000, rtt_ms: 0 }
    }
    await settle()
  }
  async function rehearsed(seen: boolean) {
    measured.rehearsed = seen
    await settle()
  }
  async function settle() {
    running.value = null
    measured.browser = trouble === null
    await send()
  }
  async function choose(kind: keyof Chosen, id: string) {
    chosen[kind] = id || undefined
    keepDevices({ ...chosen })
  }
  /** An old browser is told to the clerk as well. */
  async function tellOld() {
    measured.browser = false
    await send()
  }
  function release() {
    gone = true
    stop(camera.value)
    stop(microphone.value)
  }
  onScopeDispose(release)
  return { trouble, measured, report, running, part, level, error, denied, camera, chosen, devices, rows, next, send, runCamera, runMicrophone, play, heard, runNetwork, rehearsed, choose, tellOld }
}
