import type { Day, Fen, Instant, Language } from '@/api/types'

/** Everything a court says is in Beijing time, wherever the reader sits. */
const ZONE = 'Asia/Shanghai'
const WEEKDAYS_ZH = ['周日', '周一', '周二', '周三', '周四', '周五', '周六']
const WEEKDAYS_EN = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const MONTHS_EN = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

const clockwork = new Intl.DateTimeFormat('en-GB', {
  timeZone: ZONE, hourCycle: 'h23',
  year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit',
})

interface Parts {
  y: number
  m: number
  d: number
  hh: string
  mm: string
  ss: string
  weekday: number
}
function parts(at: Instant | Date): Parts {
  const got: Record<string, string> = {}
  for (const p of clockwork.formatToParts(typeof at === 'string' ? new Date(at) : at)) got[p.type] = p.value
  const y = Number(got.year)
  const m = Number(got.month)
  const d = Number(got.day)
  return {
    y, m, d, hh: got.hour ?? '', mm: got.minute ?? '', ss: got.second ?? '',
    weekday: new Date(Date.UTC(y, m - 1, d)).getUTCDay(),
  }
}
function dayParts(day: Day): Parts {
  return parts(`${day}T00:00:00+08:00`)
}
const two = (n: number) => String(n).padStart(2, '0')

/** Beijing calendar day of a moment, 2026-11-26. */
export function dayOf(at: Instant | Date): Day {
  const p = parts(at)
  return `${p.y}-${two(p.m)}-${two(p.d)}`
}
export function today(): Day {
  return dayOf(new Date())
}

function dateWords(p: Parts, lang: Language, year: boolean, weekday: boolean): string {
  if (lang === 'en') {
    return [weekday ? WEEKDAYS_EN[p.weekday] : '', p.d, MONTHS_EN[p.m - 1], year ? p.y : ''].filter(Boolean).join(' ')
  }
  return [year ? `${p.y} 年` : '', `${p.m} 月 ${p.d} 日`, weekday ? WEEKDAYS_ZH[p.weekday] : ''].filter(Boolean).join(' ')
}
const thisYear = (p: Parts) => p.y === parts(new Date()).y

/** For people: 11 月 26 日 周四 (year only when it is another one). */
export function sayDay(day: Day, lang: Language, options: { weekday?: boolean; year?: boolean } = {}): string {
  const p = dayParts(day)
  return dateWords(p, lang, options.year ?? !thisYear(p), options.weekday ?? true)
}
/** For people: 11 月 26 日 14:30. */
export function sayTime(at: Instant, lang: Language, options: { weekday?: boolean; seconds?: boolean; year?: boolean } = {}): string {
  const p = parts(at)
  const clock = options.seconds ? `${p.hh}:${p.mm}:${p.ss}` : `${p.hh}:${p.mm}`
  const words = dateWords(p, lang, options.year ?? !thisYear(p), options.weekday ?? false)
  return `${words}${lang === 'en' ? ', ' : ' '}${clock}`
}
/** 2026 年 11 月 · Nov 2026 */
export function sayMonth(month: string, lang: Language): string {
  const [y = '', m = ''] = month.split('-')
  return lang === 'en' ? `${MONTHS_EN[Number(m) - 1] ?? ''} ${y}` : `${y} 年 ${Number(m)} 月`
}
/** 14:30 */
export function sayClock(at: Instant | Date): string {
  const p = parts(at)
  return `${p.hh}:${p.mm}`
}
/** For tables: 11-26 14:30, with the year when it is another one. */
export function tableTime(at: Instant): string {
  const p = parts(at)
  return `${thisYear(p) ? '' : `${p.y}-`}${two(p.m)}-${two(p.d)} ${p.hh}:${p.mm}`
}
/** For tables: 11-26. */
export function tableDay(day: Day): string {
  return day.startsWith(`${parts(new Date()).y}-`) ? day.slice(5) : day
}
/** Whole calendar days from a to b. */
export function daysBetween(a: Day, b: Day): number {
  return Math.round((Date.parse(`${b}T00:00:00Z`) - Date.parse(`${a}T00:00:00Z`)) / 86_400_000)
}
export function addDays(day: Day, n: number): Day {
  return new Date(Date.parse(`${day}T00:00:00Z`) + n * 86_400_000).toISOString().slice(0, 10)
}

/** 98,900.00 without the unit; the unit follows after a space. */
export function yuan(fen: Fen): string {
  const sign = fen < 0 ? '-' : ''
  const abs = Math.abs(fen)
  const whole = String(Math.floor(abs / 100)).replace(/\B(?=(\d{3})+$)/g, ',')
  return `${sign}${whole}.${two(abs % 100)}`
}
/** Reads what people type: full-width digits, commas, 元, 万. Null when it is not an amount. */
export function parseYuan(text: string): Fen | null {
  let s = text.replace(/[０-９．]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0)).replace(/[,，\s元¥￥]/g, '')
  let factor = 100
  if (s.endsWith('万')) {
    s = s.slice(0, -1)
    factor = 1_000_000
  }
  if (!/^\d{1,12}(\.\d{1,6})?$/.test(s)) return null
  // Through the decimal string, never through a float: 0.29 × 100 is not 29.
  const [whole = '0', frac = ''] = s.split('.')
  const digits = factor === 100 ? 2 : 6
  if (frac.length > digits) return null
  return Number(whole) * factor + Number(frac.padEnd(digits, '0'))
}

export function sayBytes(bytes: number): string {
  if (bytes < 1024 * 1024) return `${Math.max(1, Math.round(bytes / 1024))} KB`
  if (bytes >= 1024 ** 3) return `${(bytes / 1024 ** 3).toFixed(1).replace('.0', '')} GB`
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`
}
