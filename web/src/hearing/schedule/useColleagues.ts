import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { rooms } from '@/api/hearings'
import { api, type Case, type CourtId, type RoleName, type Uuid } from '@/api'
import { useSession } from '@/session/session'

export interface Colleague {
  id: Uuid
  name: string
  roles: RoleName[]
}
/** The court's people who may sit: the whole list for whoever may read it, else those of the case and oneself. */
export function useColleagues(court: () => CourtId, kase: () => Case | undefined) {
  const { me } = useSession()
  const seats = useQuery({ queryKey: computed(() => ['hearing-colleagues', court()]), queryFn: () => rooms.colleagues(court()), retry: false, staleTime: 300_000 })
  const all = useQuery({ queryKey: computed(() => ['people', court()]), queryFn: () => api.admin.people(court()), retry: false, staleTime: 300_000, enabled: () => seats.isError.value })
  return computed<Colleague[]>(() => {
    const found = new Map<string, Colleague>()
    const add = (c: Colleague) => found.set(c.id, { ...c, roles: [...new Set([...(found.get(c.id)?.roles ?? []), ...c.roles])] })
    for (const p of seats.data.value?.items ?? []) add({ id: p.person_id, name: p.name, roles: p.roles })
    for (const p of all.data.value?.items ?? []) if (p.state !== 'suspended') add({ id: p.person_id, name: p.name, roles: p.roles })
    for (const s of kase()?.staff ?? []) if (s.person_id) add({ id: s.person_id, name: s.name, roles: [s.role] })
    if (me.value) add({ id: me.value.person_id, name: me.value.name, roles: me.value.roles.filter((r) => r.court_id === court()).map((r) => r.role) })
    return [...found.values()]
  })
}
