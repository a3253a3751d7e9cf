import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'
import { api } from '@/api'
import type { CaseFees } from '@/api/types'

/** The fees of a case; every page that shows them shares one answer. */
export function useFees(court: () => number, kase: () => string) {
  const client = useQueryClient()
  const key = computed(() => ['case-fees', court(), kase()])
  const query = useQuery({ queryKey: key, queryFn: () => api.fees.of(court(), kase()), refetchOnWindowFocus: 'always' })
  /** what an act answered, or ask again; the case tells the same story in its own words */
  function changed(fees?: CaseFees) {
    if (fees) client.setQueryData(key.value, fees)
    else void client.invalidateQueries({ queryKey: key.value })
    void client.invalidateQueries({ queryKey: ['case', court(), kase()] })
    void client.invalidateQueries({ queryKey: ['fee-lines', court()] })
  }
  return { ...query, changed }
}
