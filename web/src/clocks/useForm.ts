import { computed, ref, watch, type Ref } from 'vue'
import { asProblem, fieldSentence } from '@/api'
import { useLang } from '@/lib/useLang'
import { toFirstFault } from '@/tools/toFirstFault'

/** What every small form of the clocks does alike: complaints only after the first press, the server's beside its field. */
export function useForm(open: Ref<boolean>, error: () => unknown, begin: () => void) {
  const { lang } = useLang()
  const tried = ref(false)
  watch(open, (on) => {
    if (!on) return
    tried.value = false
    begin()
  }, { immediate: true })
  const fields = computed(() => (error() ? asProblem(error()).fields() : new Map()))
  function wrong(field: string, own: string | false | null | undefined): string | undefined {
    if (tried.value && own) return own
    const f = fields.value.get(field)
    return f ? fieldSentence(f, lang.value) : undefined
  }
  /** true when all is said; else the first fault has the keyboard */
  function ready(faults: readonly unknown[]): boolean {
    tried.value = true
    if (!faults.some(Boolean)) return true
    void toFirstFault()
    return false
  }
  return { tried, wrong, ready, other: computed(() => (error() && !fields.value.size ? error() : null)) }
}
