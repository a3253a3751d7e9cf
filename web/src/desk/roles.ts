import type { RoleName } from '@/api/types'

export const STAFF_ROLES: RoleName[] = ['judge', 'presiding_judge', 'clerk', 'mediator', 'court_admin', 'security_admin', 'auditor', 'technician']
export type Duty = 'system' | 'security' | 'audit'
const DUTY: Partial<Record<RoleName, Duty>> = { court_admin: 'system', provincial_admin: 'system', security_admin: 'security', auditor: 'audit' }
/** The three duties no one person may join; more than one here is refused by the server too. */
export function dutiesOf(roles: RoleName[]): Duty[] {
  return [...new Set(roles.flatMap((r) => DUTY[r] ?? []))]
}
export const splitBroken = (roles: RoleName[]): boolean => dutiesOf(roles).length > 1

/** Resident ID numbers carry their own check digit: a slip of the finger is told at once. */
export function isResidentId(text: string): boolean {
  const s = text.toUpperCase()
  if (!/^\d{17}[\dX]$/.test(s)) return false
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  const sum = weights.reduce((n, w, i) => n + w * Number(s[i]), 0)
  return '10X98765432'[sum % 11] === s[17]
}
export const isMobile = (text: string): boolean => /^1[3-9]\d{9}$/.test(text)
