import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { api } from '@/api'

/** Province, product, demo flag. Asked once. */
export function useBootstrap() {
  return useQuery({ queryKey: ['bootstrap'], queryFn: api.bootstrap, staleTime: Infinity })
}
export function useCourt(court: () => number, enabled: () => boolean = () => true) {
  return useQuery({
    queryKey: computed(() => ['court', court()]),
    queryFn: () => api.court(court()),
    enabled: computed(enabled),
    staleTime: 5 * 60_000,
  })
}
