import { useInfiniteQuery, useQuery } from '@tanstack/vue-query'
import { computed, ref, watch } from 'vue'
import { api, type FilingState } from '@/api'
import { today } from '@/lib/format'
import { grouped } from './queue'

/** The queue of a court and the figures of its day; both renew themselves while the page is open. */
export function useQueue(court: () => number) {
  const state = ref<string>('submitted')
  const typed = ref('')
  const q = ref('')
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(typed, (text) => {
    clearTimeout(timer)
    timer = setTimeout(() => (q.value = text.trim()), 250)
  })
  const list = useInfiniteQuery({
    queryKey: computed(() => ['filings', court(), state.value, q.value]),
    queryFn: ({ pageParam }) => api.filings.list(court(), { state: state.value as FilingState | 'uncorrected', q: q.value, cursor: pageParam ?? undefined }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    refetchInterval: 30_000,
    placeholderData: (old) => old,
  })
  const stats = useQuery({ queryKey: computed(() => ['filing-stats', court()]), queryFn: () => api.filings.stats(court()), refetchInterval: 60_000 })
  const groups = computed(() => (list.data.value ? grouped(list.data.value.pages.flatMap((p) => p.items), today()) : undefined))
  return { state, typed, q, list, stats, groups }
}
