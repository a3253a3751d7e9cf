import { effectScope, getCurrentInstance, onScopeDispose, shallowRef, watch, type EffectScope } from 'vue'
import { useRoom, type Room } from '../room/useRoom'

/** A line to the room that a page opens by hand: none until it is asked for, a new one after an end, closed with the page. */
export function useLine(at: () => { court: number; hearing: string }) {
  const app = getCurrentInstance()?.appContext.app
  const room = shallowRef<Room | null>(null)
  let scope: EffectScope | null = null

  function close() {
    scope?.stop()
    scope = null
    room.value = null
  }
  /** Comes in; `devices` asks for camera and microphone at once, otherwise one only looks until one switches them on. */
  function open(devices: boolean): Room | null {
    close()
    const { court, hearing } = at()
    const own = (scope = effectScope(true))
    room.value = app?.runWithContext(() => own.run(() => useRoom(court, hearing))) ?? null
    void room.value?.start(true, devices)
    return room.value
  }
  watch(() => at().hearing, close)
  onScopeDispose(close)
  return { room, open, close }
}
export type Line = ReturnType<typeof useLine>
