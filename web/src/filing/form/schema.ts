import type { Json, JsonSchema } from '@/api/types'
import { getAt, isObject } from '../model/json'

/** The rules of an element-style form: what is shown, what is asked, what is still open. Pure. */
export interface FormSchema extends JsonSchema {
  'x-when'?: { field: string; equals: Json }
  'x-same-as'?: string
  'x-item'?: string
  'x-item-en'?: string
  'x-import'?: string
  'x-words'?: { yes: { label: string; en: string }; no: { label: string; en: string } }
  properties?: Record<string, FormSchema>
  items?: FormSchema
}
export type SectionName = 'claims' | 'facts'
export interface Values {
  claims?: Json
  facts?: Json
}
export interface Missing {
  /** path below the values: claims, C1, amount */
  path: (string | number)[]
  title: string
  title_en: string
  /** the numbered item it belongs to */
  item: string
}

const follow = (value: Json | undefined, dotted: string) => getAt(value, dotted.split('.'))

/** x-show is relative to the section, x-when to the root. */
export function isShown(schema: FormSchema, values: Values, section: SectionName): boolean {
  const show = schema['x-show']
  const when = schema['x-when']
  if (show && follow(values[section], show.field) !== show.equals) return false
  if (when && follow(values as Json, when.field) !== when.equals) return false
  return true
}

export const widgetOf = (s: FormSchema): NonNullable<FormSchema['x-widget']> =>
  s['x-widget'] ?? (s.type === 'object' ? 'group' : s.type === 'boolean' ? 'yesno' : s.type === 'array' ? 'list' : 'text')

/** A yes/no with details is an object { yes, … }. */
export const hasDetails = (s: FormSchema): boolean => widgetOf(s) === 'yesno' && s.properties !== undefined

export function isEmpty(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === '') return true
  if (Array.isArray(value)) return value.every(isEmpty)
  if (isObject(value)) return Object.values(value).every(isEmpty)
  return false
}

const hasCondition = (s: FormSchema): boolean => s['x-show'] !== undefined || s['x-when'] !== undefined
/** Asked: R always; C when a condition stated in the form brought it onto the screen. */
const isAsked = (s: FormSchema, governed: boolean): boolean =>
  s['x-required'] === 'R' || (s['x-required'] === 'C' && (governed || hasCondition(s)))

/** What is asked and not answered, in the order of the form. `sameAs` gives members kept elsewhere. */
export function missing(
  form: FormSchema, values: Values, section: SectionName, sameAs: (pointer: string) => Json | undefined,
): Missing[] {
  const root = form.properties?.[section]
  const found: Missing[] = []
  const walk = (s: FormSchema, path: (string | number)[], item: string, wanted: boolean, above: boolean): void => {
    if (!isShown(s, values, section)) return
    const governed = above || hasCondition(s)
    const asked = wanted && isAsked(s, above)
    const own = s['x-same-as']
    const value = own ? sameAs(own) : getAt(values as Json, path)
    const open = () => found.push({ path, title: s.title ?? item, title_en: s['x-en'] ?? s.title ?? item, item })
    switch (widgetOf(s)) {
      case 'group':
        for (const [k, p] of Object.entries(s.properties ?? {})) walk(p, [...path, k], item, asked, governed)
        return
      case 'yesno': {
        if (!hasDetails(s)) {
          if (asked && typeof value !== 'boolean') open()
          return
        }
        const yes = getAt(value, ['yes'])
        if (asked && typeof yes !== 'boolean') return void open()
        if (yes === true) for (const [k, p] of Object.entries(s.properties ?? {})) if (k !== 'yes') walk(p, [...path, k], item, true, true)
        return
      }
      case 'list': {
        const rows = Array.isArray(value) ? value : []
        if (asked && rows.length === 0) return void open()
        rows.forEach((_, i) => {
          for (const [k, p] of Object.entries(s.items?.properties ?? {})) walk(p, [...path, i, k], item, true, governed)
        })
        return
      }
      case 'range':
        if (asked && (isEmpty(getAt(value, ['from'])) || isEmpty(getAt(value, ['to'])))) open()
        return
      default:
        if (asked && isEmpty(value)) open()
    }
  }
  for (const [k, p] of Object.entries(root?.properties ?? {})) walk(p, [section, k], k, true, false)
  return found
}

/** One entry per numbered item: the first open field of each. */
export function missingItems(list: Missing[]): (Missing & { count: number })[] {
  const byItem = new Map<string, Missing & { count: number }>()
  for (const m of list) {
    const had = byItem.get(m.item)
    if (had) had.count++
    else byItem.set(m.item, { ...m, count: 1 })
  }
  return [...byItem.values()]
}

/** Sum of the money asked for in the claims, in fen; foreign money and the total itself are left out. */
export function claimedTotal(form: FormSchema, values: Values): number {
  let sum = 0
  const walk = (s: FormSchema, value: Json | undefined): void => {
    if (!isShown(s, values, 'claims') || s['x-same-as']) return
    const w = widgetOf(s)
    if (hasDetails(s) && getAt(value, ['yes']) !== true) return
    if (w === 'list') for (const row of Array.isArray(value) ? value : []) eachOf(s.items, row)
    else if (s.properties) eachOf(s, value)
    else if (w === 'money' && typeof value === 'number') sum += value
  }
  const eachOf = (s: FormSchema | undefined, value: Json | undefined) => {
    const currency = getAt(value, ['currency'])
    for (const [k, p] of Object.entries(s?.properties ?? {})) {
      if (p['x-currency'] && typeof currency === 'string' && currency !== 'CNY') continue
      walk(p, getAt(value, [k]))
    }
  }
  for (const [k, p] of Object.entries(form.properties?.claims?.properties ?? {})) walk(p, getAt(values.claims, [k]))
  return sum
}
