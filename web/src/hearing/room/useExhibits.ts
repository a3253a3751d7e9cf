import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { rooms } from '@/api/rooms'
import type { Exhibit } from '../types'

export function useExhibits(court: number, hearing: string, on: () => boolean = () => true) {
  const queries = useQueryClient()
  const queryKey = ['hearing-exhibits', court, hearing]
  const query = useQuery({ queryKey, queryFn: () => rooms.exhibits(court, hearing), enabled: on, retry: 1 })
  const items = () => query.data.value?.items ?? []
  return {
    ...query,
    items,
    of: (id: string | undefined): Exhibit | undefined => items().find((x) => x.id === id),
    again: () => queries.invalidateQueries({ queryKey: ['hearing-exhibits'] }),
  }
}
