import type { Hearing, HearingSeat, SeatMeasures } from '@/hearing/before/types'

/** 特别安排: whom one may be kept from, what is ordered, and how it is said. Pure. */
const COURT = ['bench', 'clerk_desk', 'none']
const isCourt = (p: HearingSeat) => COURT.includes(p.area)

/** The court sees everybody; nobody is kept from oneself. */
export const mayBeScreened = (seat: HearingSeat, other: HearingSeat): boolean => other.id !== seat.id && !isCourt(other)
/** Who has no seat of the court may need it. */
export const mayNeed = (p: HearingSeat): boolean => !isCourt(p) && p.area !== 'gallery'
/** The presiding judge, or who sits alone, orders it. */
export const orders = (h: Hearing): boolean => h.participants.some((p) => p.own && (p.role === 'presiding_judge' || p.role === 'sole_judge'))

export function orderMeasures(form: { sight: Record<string, boolean>; sound: Record<string, boolean>; companion: string; note: string }): SeatMeasures & { screens: NonNullable<SeatMeasures['screens']> } {
  const screens = Object.keys(form.sight).filter((id) => form.sight[id]).map((viewer_id) => ({ viewer_id, also_unheard: form.sound[viewer_id] ?? false }))
  return { screens, companion: form.companion.trim() || undefined, note: form.note.trim() || undefined }
}
/** Names of those a participant is kept from, apart by what they miss. */
export function screenedFrom(h: Hearing, m: SeatMeasures): { unseen: string[]; unheard: string[] } {
  const name = (id: string) => h.participants.find((p) => p.id === id)?.name ?? ''
  const all = m.screens ?? []
  return { unseen: all.filter((s) => !s.also_unheard).map((s) => name(s.viewer_id)).filter(Boolean), unheard: all.filter((s) => s.also_unheard).map((s) => name(s.viewer_id)).filter(Boolean) }
}
