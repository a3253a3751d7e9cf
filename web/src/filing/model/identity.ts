import type { Day } from '@/api/types'
import { isResidentId, isUscc } from '@/lib/ids'

/** Checks of numbers as they are typed. They warn; the court decides. See GB 11643 and GB 32100. */
export type NumberFault = 'length' | 'signs' | 'date' | 'check'

const half = (text: string) => text.replace(/[\uff01-\uff5e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
export const tidyNumber = (text: string): string => half(text).replace(/[\s-]/g, '').toUpperCase()
/** The court shows people their own number with stars; such a value is not judged. */
export const isMasked = (text: string): boolean => text.includes('*')

export function residentIdFault(text: string): NumberFault | null {
  const s = tidyNumber(text)
  if (s === '' || isMasked(s)) return null
  if (s.length !== 18) return 'length'
  if (!/^\d{17}[\dX]$/.test(s)) return 'signs'
  if (birthOf(s) === null) return 'date'
  return isResidentId(s) ? null : 'check'
}

export function birthOf(id: string): Day | null {
  const s = tidyNumber(id)
  if (!/^\d{17}[\dX]$/.test(s)) return null
  const day = `${s.slice(6, 10)}-${s.slice(10, 12)}-${s.slice(12, 14)}`
  const at = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day) && at.getTime() < Date.now() ? day : null
}
export function genderOf(id: string): 'male' | 'female' | null {
  const s = tidyNumber(id)
  return /^\d{17}[\dX]$/.test(s) ? (Number(s[16]) % 2 ? 'male' : 'female') : null
}

export function usccFault(text: string): NumberFault | null {
  const s = tidyNumber(text)
  if (s === '' || isMasked(s)) return null
  if (s.length !== 18) return 'length'
  if (!/^[0-9A-HJ-NPQRTUWXY]+$/.test(s)) return 'signs'
  return isUscc(s) ? null : 'check'
}

export function licenceFault(text: string): NumberFault | null {
  const s = tidyNumber(text)
  if (s === '' || isMasked(s) || /^\d{12}$/.test(s)) return null
  if (s.length !== 17) return 'length'
  return /^1\d{4}(19|20)\d{2}[1-9][01]\d{6}$/.test(s) ? null : 'signs'
}
export function phoneFault(text: string): NumberFault | null {
  const s = tidyNumber(text).replace(/^\+?86(?=1\d{10}$)/, '')
  if (s === '' || isMasked(s)) return null
  // Landlines are welcome; only what begins like a mobile number is counted.
  if (/^1/.test(s) && !/^1[3-9]\d{9}$/.test(s)) return s.length === 11 ? 'signs' : 'length'
  return /^[\d+()转ext.]{5,24}$/i.test(s) ? null : 'signs'
}

/** Under 18 in full years on the given day (民法典 17). */
export function isMinor(birth: Day | undefined, on: Day): boolean {
  if (!birth || !/^\d{4}-\d{2}-\d{2}$/.test(birth)) return false
  const grown = `${Number(birth.slice(0, 4)) + 18}${birth.slice(4)}`
  return on < grown
}
