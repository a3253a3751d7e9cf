import type { Wish } from '../types'

interface Court {
  wish: (w: Wish) => Promise<boolean>
}
/** 旁听: cut off at once. Who was cut does not come back by opening the page again. */
export const cutOff = (room: Court, participant: string): Promise<boolean> => room.wish({ type: 'place', participant, to: 'outside' })
/** Let in again: back in the gallery on the line there is, or when the page is opened next. */
export const letBack = (room: Court, seat: { participant: string }): Promise<boolean> => room.wish({ type: 'place', participant: seat.participant, to: 'gallery' })
