import { useMutation, useQuery } from '@tanstack/vue-query'
import { computed, onScopeDispose, ref, watch } from 'vue'
import { api } from '@/api'
import type { FeeBill, FeeOrder } from '@/api/types'
import { askAgain, openOrder } from './standing'

/**
 * An order from its making until it is paid or over: asked after every few seconds while the page is seen, and at once
 * when it is seen again. `changed` is called when the bill is another one than the page shows.
 */
export function useOrder(court: () => number, bill: () => FeeBill, changed: () => void) {
  const made = ref<FeeOrder | undefined>(openOrder(bill()))
  let since = Date.now()
  const asked = useQuery({
    queryKey: computed(() => ['fee-order', court(), made.value?.id]),
    queryFn: () => api.fees.order(court(), made.value?.id ?? ''),
    enabled: computed(() => made.value !== undefined),
    refetchInterval: (q) => askAgain(q.state.data, since, Date.now()),
    refetchOnWindowFocus: (q) => (askAgain(q.state.data, since, Date.now()) === false ? false : 'always'),
    staleTime: 0,
    retry: false,
  })
  const order = computed(() => (asked.data.value?.id === made.value?.id ? asked.data.value : undefined) ?? made.value)
  const paid = computed(() => order.value?.state === 'paid')
  const over = computed(() => order.value?.state === 'closed')
  watch([paid, over], ([isPaid, isOver]) => {
    if (isPaid || isOver) changed()
  })
  const place = useMutation({
    mutationFn: (form: FeeOrder['form']) => api.fees.pay(court(), bill().id, form),
    onSuccess: (o) => {
      since = Date.now()
      made.value = o
      // this phone goes to the channel and comes back to this page
      if (o.form === 'h5' && o.code_url) window.location.assign(o.code_url)
    },
  })
  // Back from the channel by the browser's own button: the page wakes as it was.
  const wake = (e: PageTransitionEvent) => e.persisted && made.value && void asked.refetch()
  window.addEventListener('pageshow', wake)
  onScopeDispose(() => window.removeEventListener('pageshow', wake))
  return { order, paid, over, place, asking: asked.isFetching, ask: () => asked.refetch(), drop: () => (made.value = undefined) }
}
