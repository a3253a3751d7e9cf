import { onBeforeUnmount, readonly, ref } from 'vue'

/** True from the given width on; the staff columns stand side by side from 1200. */
export function useWide(px = 1200) {
  const query = window.matchMedia(`(min-width: ${px}px)`)
  const wide = ref(query.matches)
  const follow = (e: MediaQueryListEvent) => (wide.value = e.matches)
  // Safari 13 knows only the old pair
  if (query.addEventListener) query.addEventListener('change', follow)
  else query.addListener(follow)
  onBeforeUnmount(() => (query.removeEventListener ? query.removeEventListener('change', follow) : query.removeListener(follow)))
  return readonly(wide)
}
