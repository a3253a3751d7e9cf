import type { Said } from '../types'

/**
 * What the room hints of without saying it: which readings of a page are no longer the newest. One table for every page that
 * holds a line, so that whoever waits with the camera on hears what whoever waits without it hears.
 */
export const HINTS: Partial<Record<Said['type'], string[]>> = {
  transcript: ['hearing-transcript'], exhibit: ['hearing-exhibits'], signing: ['hearing-signing', 'hearing-transcript'],
  chat: ['hearing-messages'], request: ['hearing-requests', 'hearing-desk'], alert: ['hearing-alerts'], agreement: ['hearing-agreement', 'hearing-signing'],
  dropout: ['hearing-dropouts'], package: ['hearing-package', 'hearing-recordings'],
  delay: ['hearing'], identity: ['hearing-identity', 'hearing-desk'], ack: ['hearing-desk'], test: ['hearing-desk'],
}
/** What a step of the course makes old. */
export const MOVED = ['hearing', 'hearing-desk', 'hearing-signing', 'hearing-transcript']
