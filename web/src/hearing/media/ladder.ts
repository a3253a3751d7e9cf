/**
 * When to restart the connection, and when to come back with a new pass: pure, by the clock. No human action is part of it.
 * Media lost while the link stands: ICE restart at 2 s, rejoin at 5 s. Link lost (no answer to a beat, or the socket closed):
 * nothing can be restarted without it, so rejoin at once, then again after pauses that grow to 8 s. A connection that does
 * not come up is no connection: a restart would wait for the same, so it is made anew.
 */
export const RESTART_AT = 2_000
export const REJOIN_AT = 5_000
/** A beat goes every 2 s and is answered: so long without a word means that the link is gone. */
export const SILENCE = 5_000
/** A socket that opens and says nothing is no socket. */
export const STUCK = 8_000
/** A media connection that is still on its way after so long will not arrive. */
export const UNOPENED = 12_000
const PAUSES = [0, 1_000, 2_000, 3_000, 5_000, 8_000]

export interface Link {
  /** the socket is open and said hello */
  joined: boolean
  /** an attempt to join is under way */
  joining: boolean
  /** ms of the last word of the server */
  heardAt: number
  /** ms since when media do not flow; none while they do */
  mediaLostAt: number | null
  /** ms since when a connection of media is on its way; none when all have arrived */
  openingAt: number | null
  /** the restart of this loss was asked for */
  restarted: boolean
  /** ms since when the person is not in the room; none while in */
  goneAt: number | null
  /** attempts to rejoin since then, and when the last began */
  tries: number
  triedAt: number
  /** ms since when the browser says there is no network, until a word is heard again */
  offlineAt: number | null
}
export const fresh = (now: number): Link => ({
  joined: false, joining: false, heardAt: now, mediaLostAt: null, openingAt: null, restarted: false, goneAt: null, tries: 0, triedAt: now, offlineAt: null,
})

export type Deed = 'nothing' | 'restart' | 'rejoin'

/** What to do now. */
export function decide(l: Link, now: number): Deed {
  if (l.joining) return now - l.triedAt >= STUCK ? 'rejoin' : 'nothing'
  if (!l.joined) return now - l.triedAt >= pause(l) ? 'rejoin' : 'nothing'
  if (now - l.heardAt >= SILENCE) return 'rejoin'
  if (l.openingAt !== null && now - l.openingAt >= UNOPENED) return 'rejoin'
  if (l.mediaLostAt === null) return 'nothing'
  const lost = now - l.mediaLostAt
  if (lost >= REJOIN_AT) return 'rejoin'
  return lost >= RESTART_AT && !l.restarted ? 'restart' : 'nothing'
}
/** How long to wait before the next try. */
export function pause(l: Link): number {
  return PAUSES[Math.min(l.tries, PAUSES.length - 1)] ?? 8_000
}
/** Since when the person is to be told of the loss; a hiccup of less than a second and a half is none. */
export function lostSince(l: Link, now: number): number | null {
  if (l.goneAt !== null || l.offlineAt !== null) return Math.min(l.goneAt ?? Infinity, l.offlineAt ?? Infinity)
  if (l.mediaLostAt !== null && now - l.mediaLostAt >= 1_500) return l.mediaLostAt
  return null
}
