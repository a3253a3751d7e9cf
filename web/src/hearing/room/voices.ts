import { markRaw, ref } from 'vue'

export type Voice = 'floor' | 'second'
interface Own {
  audio: MediaStreamTrack | null
  mic: boolean
}

/**
 * 译音: an interpreter speaks either to the court or into the channel of a language, never into both. One microphone, two
 * tracks: the second is a copy with a connection of its own.
 */
export function useVoices(own: Own, send: (track: MediaStreamTrack | null) => Promise<void>) {
  const voice = ref<Voice>('floor')
  let second: MediaStreamTrack | null = null

  /** Opens the one track and shuts the other, as switch and voice stand now. */
  function sort() {
    if (own.audio) own.audio.enabled = own.mic && voice.value === 'floor'
    if (second) second.enabled = own.mic && voice.value === 'second'
  }
  /** The microphone was changed, or is gone: its copy goes with it. */
  function renew() {
    if (!second) return sort()
    second.stop()
    second = own.audio ? markRaw(own.audio.clone()) : null
    sort()
    void send(second).catch(() => undefined)
  }
  async function speakInto(next: Voice) {
    voice.value = next
    const fresh = next === 'second' && !second && own.audio
    if (fresh && own.audio) second = markRaw(own.audio.clone())
    // the old voice is shut before the new one is open
    sort()
    if (fresh) await send(second).catch(() => undefined)
  }
  function stop() {
    second?.stop()
    second = null
  }
  return { voice, sort, renew, speakInto, stop }
}
