import type { ProvinceCourt, ProvinceOverview } from '@/api/types'

export type Measure = 'same_day' | 'overdue' | 'waiting' | 'hours'
export const TARGET = 90
/** Null where nothing was decided yet: such a court has no share and no median. */
export const valueOf = (c: ProvinceCourt, m: Measure): number | null => ({ same_day: c.same_day_percent ?? null, overdue: c.overdue, waiting: c.waiting, hours: c.median_hours ?? null })[m]

/** Best first for the share of the day; for counts the one that needs help first. Courts switched off, or without a figure, are not ranked. */
export function ranked(courts: ProvinceCourt[], m: Measure): ProvinceCourt[] {
  return courts
    .filter((c) => c.enabled && valueOf(c, m) !== null)
    .sort((a, b) => (valueOf(b, m) ?? 0) - (valueOf(a, m) ?? 0) || a.name.localeCompare(b.name, 'zh'))
}
export interface CityRow {
  name: string
  courts: ProvinceCourt[]
  waiting: number
  due_today: number
  overdue: number
  /** weighted by the cases of the year: a small court does not pull a big city down */
  same_day_percent: number | null
}
const round = (n: number) => Math.round(n * 10) / 10
/** 中院辖区: the intermediate court itself belongs to its own district; special courts under the high court are one group, named ''. */
export function byDistrict(courts: ProvinceCourt[]): CityRow[] {
  const groups = new Map<string, ProvinceCourt[]>()
  const heads = new Set(courts.flatMap((c) => c.parent_name || []))
  /** the high court: what the intermediate courts stand under */
  const top = new Set(courts.filter((c) => heads.has(c.name)).flatMap((c) => c.parent_name || []))
  for (const c of courts) {
    if (!c.enabled) continue
    const above = c.parent_name ?? ''
    const key = heads.has(c.name) ? c.name : top.has(above) ? '' : above || c.name
    groups.set(key, [...(groups.get(key) ?? []), c])
  }
  return [...groups].map(([name, list]) => {
    const weight = (c: ProvinceCourt) => Math.max(1, c.cases_this_year)
    const known = list.filter((c) => typeof c.same_day_percent === 'number')
    const all = known.reduce((n, c) => n + weight(c), 0)
    return {
      name, courts: list, waiting: sum(list, 'waiting'), due_today: sum(list, 'due_today'), overdue: sum(list, 'overdue'),
      same_day_percent: all ? round(known.reduce((n, c) => n + (c.same_day_percent ?? 0) * weight(c), 0) / all) : null,
    }
  })
}
const sum = (list: ProvinceCourt[], k: 'waiting' | 'due_today' | 'overdue') => list.reduce((n, c) => n + c[k], 0)

export interface Scale {
  lo: number
  hi: number
  ticks: number[]
}
/** A dot plot may start elsewhere than zero; round ends, five or six marks. */
export function scaleFor(values: number[], top?: number): Scale {
  const max = Math.max(...values, 1)
  const min = Math.min(...values, max)
  const wide = Math.max(1, (top ?? max) - min)
  const step = [0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000].find((s) => wide / s <= 6) ?? 10_000
  const lo = Math.max(0, Math.floor((min - step / 4) / step) * step)
  const hi = top ?? Math.ceil(max / step) * step
  const ticks: number[] = []
  for (let x = lo; x <= hi + 1e-9; x += step) ticks.push(round(x))
  return { lo, hi: Math.max(hi, lo + step), ticks }
}
/** 威海市中级人民法院 → 威海 */
export const shortDistrict = (name: string): string => name.replace(/(市|地区|盟|自治州)?中级人民法院$/, '')
/** Courts that must act, worst first: overdue, then due today, then under the target. */
export function mustAct(courts: ProvinceCourt[]): ProvinceCourt[] {
  return courts
    .filter((c) => c.enabled && (c.overdue > 0 || c.due_today > 0))
    .sort((a, b) => b.overdue - a.overdue || b.due_today - a.due_today || (a.same_day_percent ?? 100) - (b.same_day_percent ?? 100))
}
/** RFC 4180 with a BOM, so that spreadsheet programs read the Chinese. A leading = + - @ is never a formula. */
export function toCsv(head: string[], rows: (string | number)[][]): string {
  const cell = (x: string | number) => {
    const s = typeof x === 'string' && /^[=+\-@\t]/.test(x) ? `'${x}` : String(x)
    return /[",\n\r]/.test(s) ? `"${s.replace(/"/g, '""')}"` : s
  }
  return `\ufeff${[head, ...rows].map((r) => r.map(cell).join(',')).join('\r\n')}\r\n`
}
export const worst = (o: ProvinceOverview, n = 2): string[] => [...o.courts].filter((c) => c.overdue > 0).sort((a, b) => b.overdue - a.overdue).slice(0, n).map((c) => c.name)
