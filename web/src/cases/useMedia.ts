import { onScopeDispose, ref } from 'vue'

export function useMedia(query: string) {
  const list = window.matchMedia(query)
  const on = ref(list.matches)
  const follow = (e: MediaQueryListEvent) => (on.value = e.matches)
  // Safari 13 and old WebViews know only addListener.
  if (typeof list.addEventListener === 'function') list.addEventListener('change', follow)
  onScopeDispose(() => list.removeEventListener?.('change', follow))
  return on
}
