import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { api, type CourtId, type Uuid } from '@/api'
import type { HearingSummary } from '@/hearing/before/types'
import { addDays } from '@/lib/format'
import { instantOf } from './draft'

/** Hearings of a court between two days (the last not among them). A list longer than a page is asked for whole: at most five times. */
export function useProgram(court: () => CourtId, from: () => string, until: () => string, more: () => { courtroom?: Uuid; person?: Uuid } = () => ({})) {
  return useQuery({
    queryKey: computed(() => ['hearings', court(), from(), until(), more()]),
    queryFn: async () => {
      const items: HearingSummary[] = []
      let cursor: string | undefined
      for (let n = 0; n < 5; n++) {
        const got = await api.hearings.list(court(), { from: instantOf(from(), '00:00'), until: instantOf(until(), '00:00'), ...more(), cursor, limit: 200 })
        items.push(...got.items)
        cursor = got.next_cursor
        if (!cursor) break
      }
      return items
    },
    placeholderData: (old) => old,
    refetchInterval: 60_000,
  })
}

/** Who is not proved to have been reached, by hearing; people without that right see none. */
export function useUnreached(court: () => CourtId, enabled: () => boolean) {
  const calls = useQuery({ queryKey: computed(() => ['hearing-calls', court()]), queryFn: () => api.hearings.calls(court()), enabled: computed(enabled), retry: false })
  const byHearing = computed(() => {
    const counts = new Map<string, number>()
    for (const x of calls.data.value?.items ?? []) counts.set(x.hearing_id, (counts.get(x.hearing_id) ?? 0) + 1)
    return counts
  })
  return { calls, byHearing }
}
export const dayAfter = (day: string) => addDays(day, 1)
