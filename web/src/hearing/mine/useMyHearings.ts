import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { api, type CourtId, type Uuid } from '@/api'
import { useSession } from '@/session/session'

/** From a year back, over all courts. */
const since = () => new Date(Date.now() - 365 * 86_400_000).toISOString().slice(0, 10)
export function useMyHearings(enabled: () => boolean = () => true) {
  const { signedIn, isStaff } = useSession()
  return useQuery({
    queryKey: ['my', 'hearings'],
    queryFn: () => api.hearings.mine({ from: `${since()}T00:00:00Z`, limit: 500 }),
    enabled: computed(() => signedIn.value && !isStaff.value && enabled()), staleTime: 60_000, retry: false,
  })
}
/** Those of one case, for whoever may see the case. */
export function useCaseHearings(court: () => CourtId, caseId: () => Uuid) {
  return useQuery({ queryKey: computed(() => ['case-hearings', court(), caseId()]), queryFn: () => api.hearings.list(court(), { case: caseId(), limit: 100 }), staleTime: 30_000, retry: false })
}
