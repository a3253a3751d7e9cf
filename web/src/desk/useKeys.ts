import { onBeforeUnmount, onMounted, ref } from 'vue'
import { useSession } from '@/session/session'
import { actionOf, isTyping, loadKeys, storeKeys, type Action, type KeyMap } from './keymap'

/** The person's keys, live while the page is open and nothing is being typed or asked. */
export function useKeys(on: (hit: Action | number) => boolean) {
  const { me } = useSession()
  const person = me.value?.person_id ?? 'nobody'
  const keys = ref<KeyMap>(loadKeys(person))
  function press(event: KeyboardEvent) {
    if (event.defaultPrevented || isTyping(event.target) || document.querySelector('[role="dialog"]')) return
    const hit = actionOf(event, keys.value)
    if (hit === null) return
    // Arrows belong to tabs and radios while one of them has the focus.
    if (event.key.startsWith('Arrow') && event.target instanceof Element && event.target.closest('[role="tab"],[role="radio"],input')) return
    if (event.repeat && hit !== 'page_on' && hit !== 'page_back') return
    if (on(hit)) event.preventDefault()
  }
  onMounted(() => window.addEventListener('keydown', press))
  onBeforeUnmount(() => window.removeEventListener('keydown', press))
  function change(next: KeyMap) {
    keys.value = next
    storeKeys(person, next)
  }
  return { keys, change }
}
