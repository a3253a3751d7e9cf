import type { Me } from '@/api'

/** Where a person goes after signing in: back to where they were, else to their work. */
export function landing(me: Me, next: unknown): string {
  // Only paths of this site; "//host" would lead away.
  if (typeof next === 'string' && /^\/(?!\/)/.test(next)) return next
  const at = (roles: string[]) => me.roles.find((r) => roles.includes(r.role) && r.court_id !== undefined)?.court_id
  if (me.roles.some((r) => r.role === 'provincial_admin')) return '/province'
  const review = at(['clerk', 'judge', 'presiding_judge'])
  if (review !== undefined && review !== null) return `/desk/${review}/filings`
  const admin = at(['court_admin'])
  if (admin !== undefined && admin !== null) return `/desk/${admin}/rules`
  const auditor = at(['auditor'])
  if (auditor !== undefined && auditor !== null) return `/desk/${auditor}/audit`
  const technician = at(['technician'])
  if (technician !== undefined && technician !== null) return `/desk/${technician}/hearings/board`
  return '/cases'
}
