import type { Me, RoleName } from '@/api'

/** The room each kind of staff begins the day in, first that fits. */
const ROOMS: [roles: RoleName[], room: string][] = [
  [['clerk', 'judge', 'presiding_judge'], 'filings'], [['court_admin'], 'rules'], [['auditor'], 'audit'], [['security_admin'], 'policies'], [['technician'], 'hearings/board'],
]

/** Where a person goes after signing in: back to where they were, else to their work. */
export function landing(me: Me, next: unknown): string {
  // Only paths of this site; "//host" would lead away.
  if (typeof next === 'string' && /^\/(?!\/)/.test(next)) return next
  if (me.roles.some((r) => r.role === 'provincial_admin')) return '/province'
  for (const [roles, room] of ROOMS) {
    const court = me.roles.find((r) => roles.includes(r.role) && r.court_id !== undefined)?.court_id
    if (court !== undefined && court !== null) return `/desk/${court}/${room}`
  }
  return '/cases'
}
