import { useQuery } from '@tanstack/vue-query'
import { computed, ref, watch } from 'vue'
import { api } from '@/api'

/** The court's own period for corrections: the clerk's starting value and its bounds. */
export function useReviewRule(court: () => number) {
  const { data } = useQuery({ queryKey: computed(() => ['court-policy', court()]), queryFn: () => api.courtPolicy(court()), staleTime: 5 * 60_000 })
  const rule = computed(() => data.value?.rules.find((r) => r.key === 'correction_days'))
  const range = computed(() => ({ min: rule.value?.schema.minimum ?? 1, max: rule.value?.schema.maximum ?? 30 }))
  const days = ref(7)
  watch(rule, (r) => { if (typeof r?.value === 'number') days.value = r.value }, { immediate: true })
  return { days, range }
}
