import type { Flow } from '../media/peers'
import type { HearingState, Seat } from '../types'
import type { DeskSeat } from './types'

/** Seeing who waits: what a picture shows, and when a line may be opened by itself. Pure. */
const CLERKS = ['clerk', 'judge_assistant']
export const isClerk = (s: Pick<Seat, 'role'>): boolean => CLERKS.includes(s.role)
export const streamIn = (flows: Flow[], participant: string | undefined, kind: Flow['kind']): MediaStream | null =>
  flows.find((f) => f.participant === participant && f.kind === kind)?.stream ?? null

/** 'live': it moves; 'coming': the camera is on, the first picture is on its way; 'hidden': no camera, or turned off; 'away': not there. */
export type Picture = 'live' | 'coming' | 'hidden' | 'away'
export function pictureOf(seat: Pick<Seat, 'connected' | 'video'> | undefined, stream: MediaStream | null): Picture {
  if (!seat?.connected) return 'away'
  if (!seat.video) return 'hidden'
  return stream ? 'live' : 'coming'
}
/** What the one who waits sees of the court: nobody yet, the clerk there without a picture, seen, or spoken to. */
export type CourtSide = 'nobody' | 'there' | 'seen' | 'speaks'
export function courtSide(seats: Seat[], flows: Flow[]): { side: CourtSide; clerk?: Seat; stream: MediaStream | null } {
  const here = seats.filter((s) => isClerk(s) && s.connected)
  const clerk = here.find((s) => s.audio || s.video) ?? here[0]
  const video = clerk?.video ? streamIn(flows, clerk.participant, 'video') : null
  if (!clerk) return { side: 'nobody', stream: null }
  if (clerk.audio) return { side: 'speaks', clerk, stream: video }
  return { side: video ? 'seen' : 'there', clerk, stream: video }
}
/** 一并核对身份: whoever else is shown here beside the court. */
export const othersSeen = (seats: Seat[], flows: Flow[], own: string | undefined): { seat: Seat; stream: MediaStream }[] =>
  seats.flatMap((seat) => {
    const stream = seat.participant !== own && !isClerk(seat) && seat.video ? streamIn(flows, seat.participant, 'video') : null
    return stream ? [{ seat, stream }] : []
  })
/** The chosen person large, everybody else small: the engine sends no more than is shown. */
export const layerOf = (participant: string, chosen: string | undefined): 0 | 2 => (participant === chosen ? 2 : 0)

/** Only while people wait: once the court sits, the line belongs to the room. */
export const maySee = (state: HearingState | undefined): boolean => state === 'waiting'
/** The line opens by itself where the clerk has opened it before, but never takes the place of a room that is open elsewhere. */
export const opensItself = (x: { state: HearingState | undefined; before: boolean; elsewhere: boolean }): boolean => maySee(x.state) && x.before && !x.elsewhere
/** Is one's own seat held by another page? */
export const heldElsewhere = (items: Pick<DeskSeat, 'participant_id' | 'connected'>[], own: string | undefined, here: boolean): boolean =>
  !here && items.some((s) => s.participant_id === own && s.connected)
/** A witness hears the clerk only in the waiting room; everybody else hears the clerk from the courtroom too. */
export const placeToSpeak = (chosen: Pick<DeskSeat, 'place'> | undefined): 'waiting_room' | 'courtroom' => (chosen?.place === 'witness_room' ? 'waiting_room' : 'courtroom')
