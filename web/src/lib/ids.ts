/** Check digits of the numbers people copy by hand, so that a slip is pointed out before sending. */

const ID_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
/** GB 11643 resident identity number. */
export function isResidentId(text: string): boolean {
  const s = text.trim().toUpperCase()
  if (!/^\d{17}[\dX]$/.test(s)) return false
  const sum = ID_WEIGHTS.reduce((acc, w, i) => acc + w * Number(s[i]), 0)
  return '10X98765432'[sum % 11] === s[17]
}

const USCC_SIGNS = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const USCC_WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
/** GB 32100 unified social credit code. */
export function isUscc(text: string): boolean {
  const s = text.trim().toUpperCase()
  if (s.length !== 18 || [...s].some((c) => !USCC_SIGNS.includes(c))) return false
  const sum = USCC_WEIGHTS.reduce((acc, w, i) => acc + w * USCC_SIGNS.indexOf(s[i] ?? ''), 0)
  return USCC_SIGNS[(31 - (sum % 31)) % 31] === s[17]
}

export function isMobile(text: string): boolean {
  return /^1[3-9]\d{9}$/.test(text.replace(/[\s-]/g, ''))
}
