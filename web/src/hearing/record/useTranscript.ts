import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { newKey } from '@/api'
import { rooms } from '@/api/rooms'
import type { Change, Entry, Transcript } from '../types'
import { joined, withNews } from './merge'

/** The record as everybody entitled reads it live: only what changed is fetched. */
export function useTranscript(court: number, hearing: string, on: () => boolean = () => true) {
  const queries = useQueryClient()
  const queryKey = ['hearing-transcript', court, hearing]
  const known = () => queries.getQueryData<Transcript>(queryKey)
  const query = useQuery({
    queryKey,
    queryFn: async () => {
      const had = known()
      const came = await rooms.transcript(court, hearing, had?.begun ? had.rev : undefined)
      // whoever wrote the notes anew, or somebody else's rights: take the whole
      if (had?.begun && (came.rev < had.rev || came.reads !== had.reads)) return withNews(undefined, await rooms.transcript(court, hearing))
      return withNews(had, came)
    },
    enabled: on, retry: 1, refetchInterval: 15_000,
  })
  function take(entries: Entry[]) {
    const had = known()
    if (had) queries.setQueryData<Transcript>(queryKey, { ...had, entries: joined(had.entries, entries) })
  }
  async function change(changes: Change[], key = newKey()) {
    const got = await rooms.change(court, hearing, changes, key)
    take(got.entries)
    // a struck entry comes back as struck; its place is gone at once
    return got
  }
  return { ...query, take, change, again: () => queries.invalidateQueries({ queryKey }), set: (t: Transcript) => queries.setQueryData(queryKey, withNews(undefined, t)) }
}
export type Record = ReturnType<typeof useTranscript>
