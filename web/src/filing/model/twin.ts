import { onScopeDispose, ref } from 'vue'

/** The same draft open in another window of this browser. */
export function useTwin(draft: string, saved: () => void) {
  const open = ref(false)
  if (typeof BroadcastChannel === 'undefined') return { open, tell: () => undefined }
  const channel = new BroadcastChannel(`lianting.draft.${draft}`)
  channel.onmessage = (event: MessageEvent<string>) => {
    if (event.data === 'here') {
      open.value = true
      channel.postMessage('too')
    } else if (event.data === 'too') open.value = true
    else if (event.data === 'saved') saved()
    else if (event.data === 'gone') open.value = false
  }
  channel.postMessage('here')
  onScopeDispose(() => {
    channel.postMessage('gone')
    channel.close()
  })
  return { open, tell: () => channel.postMessage('saved') }
}
