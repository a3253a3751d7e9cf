import { useQuery } from '@tanstack/vue-query'
import { computed, onScopeDispose, shallowRef, watch, type Ref } from 'vue'
import { api, type Case } from '@/api'
import { addDays, today } from '@/lib/format'
import { orderOf, type PlanDraft } from './draft'

/** Asks the court what the rules say of the plan, a moment after the last change; nothing is saved by it. */
export function useCheck(kase: () => Case | undefined, plan: Ref<PlanDraft>) {
  const probing = computed(() => !plan.value.day)
  const wanted = computed(() => {
    const k = kase()
    return k ? orderOf(plan.value, k, addDays(today(), 7)) : null
  })
  const asked = shallowRef(wanted.value)
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(wanted, (next) => {
    clearTimeout(timer)
    timer = setTimeout(() => (asked.value = next), 350)
  }, { deep: true })
  onScopeDispose(() => clearTimeout(timer))
  const query = useQuery({
    queryKey: computed(() => ['hearing-check', kase()?.court_id, kase()?.id, asked.value]),
    queryFn: ({ signal }) => {
      const k = kase()
      if (!k || !asked.value) throw new Error('nothing to ask')
      return api.hearings.check(k.court_id, k.id, asked.value, signal)
    },
    enabled: computed(() => Boolean(asked.value && kase())),
    placeholderData: (old) => old,
    retry: false,
    gcTime: 0,
  })
  return { query, probing, wanted, checking: computed(() => query.isFetching.value || wanted.value !== asked.value) }
}
