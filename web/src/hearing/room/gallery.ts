import type { Wish } from '../types'

interface Court {
  wish: (w: Wish) => Promise<boolean>
  hello: { value: { hand: string } | undefined }
}
/** 旁听: cut off at once. Where the judge does it, who was cut does not come back by opening the page again. */
export async function cutOff(room: Court, participant: string): Promise<boolean> {
  if (room.hello.value?.hand === 'judge' && !(await room.wish({ type: 'exclude', participant, on: true }))) return false
  return room.wish({ type: 'place', participant, to: 'outside' })
}
/** Asked back: to be let in again, and into the gallery if still on the line. */
export async function letBack(room: Court, seat: { participant: string; excluded: boolean; connected: boolean }): Promise<boolean> {
  if (seat.excluded && !(await room.wish({ type: 'exclude', participant: seat.participant, on: false }))) return false
  return !seat.connected || room.wish({ type: 'place', participant: seat.participant, to: 'gallery' })
}
