/** Verification codes: 12 signs in three groups, A–Z and digits without 0, 1, O, I. */
const SIGNS = /^[A-HJ-NP-Z2-9]$/

/** Upper case, half width, no spaces or dashes; at most 12 signs. Wrong signs are kept so that they can be pointed at. */
export function bareCode(text: string): string {
  return text
    .replace(/[\uff01-\uff5e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '')
    .slice(0, 12)
}
/** K7QM 4TX9 2HRD */
export function groupCode(code: string, gap = ' '): string {
  return code.match(/.{1,4}/g)?.join(gap) ?? ''
}
/** Signs that never occur, with the ones they are usually read from. */
const LOOKALIKES: Record<string, string[]> = { '0': ['D', 'Q'], O: ['D', 'Q'], '1': ['L', '7'], I: ['L', '7'] }

export interface WrongSign {
  /** 1-based */
  place: number
  sign: string
  maybe: string[]
}
export function wrongSigns(code: string): WrongSign[] {
  return [...code].flatMap((sign, i) => (SIGNS.test(sign) ? [] : [{ place: i + 1, sign, maybe: LOOKALIKES[sign] ?? [] }]))
}
