import { readonly, ref } from 'vue'

const online = ref(navigator.onLine)
/** When the network came back; the strip says so for a while, then leaves. */
const backAt = ref<Date | null>(null)
let timer: ReturnType<typeof setTimeout> | undefined

window.addEventListener('offline', () => {
  online.value = false
  backAt.value = null
})
window.addEventListener('online', () => {
  online.value = true
  backAt.value = new Date()
  clearTimeout(timer)
  timer = setTimeout(() => (backAt.value = null), 6000)
})

export function useOnline() {
  return { online: readonly(online), backAt: readonly(backAt) }
}
