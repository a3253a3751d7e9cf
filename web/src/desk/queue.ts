import type { Day, FilingSummary } from '@/api/types'
import { dayOf } from '@/lib/format'

/** Groups of the queue, in the order they are worked. */
export const GROUPS = ['overdue', 'today', 'soon', 'fresh', 'later', 'done'] as const
export type GroupKey = (typeof GROUPS)[number]
export interface Group {
  key: GroupKey
  items: FilingSummary[]
}

export function groupOf(f: FilingSummary, today: Day): GroupKey {
  const clock = f.clock
  if (f.state !== 'submitted' || !clock || clock.state === 'done' || clock.state === 'paused') return 'done'
  if (clock.state === 'breached' || clock.due_on < today) return 'overdue'
  if (clock.due_on === today || clock.state === 'last_day') return 'today'
  if (clock.total_days - clock.used_days <= 3) return 'soon'
  // The court's own target (当日审核): a filing of a rest day is to be decided on the next working day.
  const target = f.target_at ? dayOf(new Date(Date.parse(f.target_at) - 1).toISOString()) : dayOf(f.received_at)
  return target === today ? 'fresh' : 'later'
}

/** By group, inside a group by the end of the clock, then by arrival. Empty groups are left out. */
export function grouped(filings: FilingSummary[], today: Day): Group[] {
  const by = new Map<GroupKey, FilingSummary[]>(GROUPS.map((g) => [g, []]))
  for (const f of filings) by.get(groupOf(f, today))?.push(f)
  return GROUPS.flatMap((key) => {
    const items = by.get(key) ?? []
    items.sort((a, b) => (a.clock?.due_at ?? '').localeCompare(b.clock?.due_at ?? '') || a.received_at.localeCompare(b.received_at) || a.number.localeCompare(b.number))
    return items.length ? [{ key, items }] : []
  })
}

/** The neighbour in the order shown; null at either end. */
export function neighbour(groups: Group[], id: string | undefined, step: 1 | -1): FilingSummary | null {
  const flat = groups.flatMap((g) => g.items)
  if (!id) return flat[0] ?? null
  const at = flat.findIndex((f) => f.id === id)
  return flat[at < 0 ? 0 : at + step] ?? null
}
/** Where to go once a filing leaves the queue: the next one, else the one before. */
export function nextAfter(groups: Group[], id: string, free: (f: FilingSummary) => boolean = () => true): FilingSummary | null {
  const flat = groups.flatMap((g) => g.items)
  const at = flat.findIndex((f) => f.id === id)
  const rest = [...flat.slice(at + 1), ...flat.slice(0, Math.max(0, at)).reverse()]
  return rest.find(free) ?? null
}
