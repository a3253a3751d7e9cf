import { onScopeDispose, ref } from 'vue'

/** Now, again and again. */
export function useTick(ms: number) {
  const now = ref(Date.now())
  const timer = setInterval(() => (now.value = Date.now()), ms)
  onScopeDispose(() => clearInterval(timer))
  return now
}
