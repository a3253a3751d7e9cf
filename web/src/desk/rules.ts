import type { CourtDetail, CourtPolicy, Json, JsonSchema, Rule } from '@/api/types'

/** Pure parts of the rules page: what a schema allows, what a value says, where a value comes from. */
export type Level = 'law' | 'province' | 'intermediate' | 'court'
export interface Link {
  level: Level
  /** who set it; empty where the level only passes it on */
  by: string
  value: Json | undefined
  basis: string
  from: string
  /** passes on what stands above */
  passes: boolean
}

/** The chain a value went through: what the law allows, the province, the intermediate court, this court. */
export function chainOf(key: string, own: Rule, ancestors: { court: Pick<CourtDetail, 'id' | 'name' | 'level'>; policy: CourtPolicy }[], court: Pick<CourtDetail, 'id' | 'name' | 'level'>): Link[] {
  const links: Link[] = []
  const bounds = own.schema
  if (bounds.minimum !== undefined || bounds.maximum !== undefined) links.push({ level: 'law', by: '', value: undefined, basis: '', from: '', passes: false })
  for (const a of ancestors) {
    const rule = a.policy.rules.find((r) => r.key === key)
    const level: Level = a.court.level === 'high' ? 'province' : 'intermediate'
    // asked about itself, the high court too answers set_at "court": the id of the setter is what holds
    const sets = rule?.set_at_court === a.court.id && !rule.unset
    links.push({ level, by: a.court.name, value: rule?.value, basis: sets ? (rule?.basis ?? '') : '', from: sets ? (rule?.valid_from ?? '') : '', passes: !sets })
  }
  const mine: Level = court.level === 'high' ? 'province' : court.level === 'intermediate' ? 'intermediate' : 'court'
  const sets = own.set_at_court === court.id && !own.unset
  links.push({ level: mine, by: court.name, value: own.value, basis: sets ? own.basis : '', from: sets ? own.valid_from : '', passes: !sets })
  return links
}

export type Kind = 'flag' | 'choice' | 'number' | 'money' | 'bytes' | 'text' | 'long' | 'set' | 'words' | 'list' | 'record' | 'raw'
const typeOf = (s: JsonSchema): string => (Array.isArray(s.type) ? (s.type.find((t) => t !== 'null') ?? '') : (s.type ?? ''))

/** Which control edits a value: the schema says it; where it is silent, the value itself does. */
export function kindOf(schema: JsonSchema, value: Json | undefined, key = ''): Kind {
  if (schema.enum) return 'choice'
  const type = typeOf(schema) || (Array.isArray(value) ? 'array' : value === null || value === undefined ? '' : typeof value)
  if (type === 'boolean') return 'flag'
  if (type === 'integer' || type === 'number') return key.endsWith('_fen') ? 'money' : key.endsWith('_bytes') ? 'bytes' : 'number'
  if (type === 'string') return (schema.maxLength ?? 0) > 100 || (typeof value === 'string' && value.length > 40) ? 'long' : 'text'
  if (type === 'array') return schema.items?.enum ? 'set' : schema.items && typeOf(schema.items) === 'string' && !schema.items.pattern ? 'words' : 'list'
  if (type === 'object') return 'record'
  return 'raw'
}
/** The members of a record: named by the schema, then whatever the value holds beyond it. */
export function members(schema: JsonSchema, value: Json | undefined): { key: string; schema: JsonSchema }[] {
  const named = Object.entries(schema.properties ?? {}).map(([key, s]) => ({ key, schema: s }))
  const extra = (schema as { additionalProperties?: JsonSchema | boolean }).additionalProperties
  const own = value && typeof value === 'object' && !Array.isArray(value) ? Object.keys(value) : []
  return [...named, ...own.filter((k) => !schema.properties?.[k]).map((key) => ({ key, schema: typeof extra === 'object' ? extra : {} }))]
}
/** A fresh member of a list: shaped like the last one, emptied. */
export function blankLike(value: Json | undefined, schema: JsonSchema): Json {
  if (schema.properties) return Object.fromEntries(Object.entries(schema.properties).map(([k, s]) => [k, blankLike(undefined, s)]))
  if (Array.isArray(value) || typeOf(schema) === 'array') return []
  if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, blankLike(v, {})]))
  const type = typeOf(schema) || typeof value
  return type === 'boolean' ? false : type === 'number' || type === 'integer' ? (schema.minimum ?? 0) : ''
}
/** Figures that start out unset have no value to learn their shape from. */
export const SHAPES: Record<string, Json> = {
  small_claims_wage_base: { year: new Date().getFullYear() - 1, amount_fen: 0, published_on: '', source: '' },
  service_counter_hours: { weekdays: [1, 2, 3, 4, 5], open: '09:00', close: '17:00', break_from: '12:00', break_to: '13:30' },
}

export interface Fault {
  at: string
  code: 'above' | 'below' | 'whole' | 'empty' | 'pattern' | 'long' | 'short' | 'many'
  limit?: number
}
/** The same limits the server holds, told before anything is sent. */
export function faults(schema: JsonSchema, value: Json, at = ''): Fault[] {
  const type = typeOf(schema)
  if (typeof value === 'number') {
    if (type === 'integer' && !Number.isInteger(value)) return [{ at, code: 'whole' }]
    if (schema.maximum !== undefined && value > schema.maximum) return [{ at, code: 'above', limit: schema.maximum }]
    if (schema.minimum !== undefined && value < schema.minimum) return [{ at, code: 'below', limit: schema.minimum }]
    return []
  }
  if (value === '' && (type === 'integer' || type === 'number')) return [{ at, code: 'empty' }]
  if (typeof value === 'string') {
    if (schema.maxLength !== undefined && value.length > schema.maxLength) return [{ at, code: 'long', limit: schema.maxLength }]
    if (schema.minLength !== undefined && value.trim().length < schema.minLength) return [{ at, code: 'short', limit: schema.minLength }]
    return schema.pattern && !new RegExp(schema.pattern).test(value) ? [{ at, code: 'pattern' }] : []
  }
  if (Array.isArray(value)) {
    if (schema.minItems !== undefined && value.length < schema.minItems) return [{ at, code: 'empty' }]
    if (schema.maxItems !== undefined && value.length > schema.maxItems) return [{ at, code: 'many', limit: schema.maxItems }]
    return value.flatMap((v, i) => faults(schema.items ?? {}, v, `${at}/${i}`))
  }
  if (value && typeof value === 'object') return members(schema, value).flatMap((m) => faults(m.schema, value[m.key] ?? null, `${at}/${m.key}`))
  return []
}
/** What stands at the place of a fault. */
export const valueAt = (value: Json, at: string): Json | undefined =>
  at.split('/').slice(1).reduce<Json | undefined>((v, k) => (v && typeof v === 'object' ? (v as Record<string, Json>)[k] : undefined), value)
/** Words written one a line. */
export const linesOf = (text: string): string[] => text.split('\n').map((s) => s.trim()).filter(Boolean)
export const same = (a: Json | undefined, b: Json | undefined): boolean => JSON.stringify(a) === JSON.stringify(b)

/** Members of a record or entries of a list that differ, one level deep. */
export function diff(before: Json, after: Json): { key: string; before: Json | undefined; after: Json | undefined }[] {
  const bag = (v: Json): Record<string, Json> | null => (v && typeof v === 'object' ? Object.fromEntries(Object.entries(v)) : null)
  const [a, b] = [bag(before), bag(after)]
  if (!a || !b) return []
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((k) => !same(a[k], b[k])).map((key) => ({ key, before: a[key], after: b[key] }))
}

/** A draft waits in this browser until it is published. */
export interface RuleDraft {
  value: Json
  basis: string
  valid_from: string | null
  note: string
  saved_at: string
}
const place = (person: string, court: number, key: string) => `lianting.rule.${person}.${court}.${key}`
export function loadDraft(person: string, court: number, key: string): RuleDraft | null {
  try {
    return JSON.parse(localStorage.getItem(place(person, court, key)) ?? 'null') as RuleDraft | null
  } catch {
    return null
  }
}
export function storeDraft(person: string, court: number, key: string, draft: RuleDraft | null): boolean {
  try {
    if (draft) localStorage.setItem(place(person, court, key), JSON.stringify(draft))
    else localStorage.removeItem(place(person, court, key))
    return true
  } catch {
    return false
  }
}
export const GROUPS: Record<string, string[]> = {
  filing: ['filing_review_days', 'filing_same_day_target', 'correction_days', 'filing_kinds', 'filing_email_required', 'filing_defendant_registration', 'filing_papers', 'upload_max_bytes', 'upload_allowed_types', 'small_claims_wage_base'],
  jurisdiction: ['level_jurisdiction', 'foreign_level_threshold', 'special_courts'],
  hearing: ['notice_lead', 'hearing_notice_mode', 'hearing_types', 'criminal_online', 'consent_path', 'hearing_online', 'hearing_hours', 'hearing_rules', 'hearing_discipline'],
  service: ['judgment_e_delivery', 'sms_texts', 'service_counter_hours'],
  time: ['makeup_day_is_working', 'roll_internal', 'roll_measures', 'roll_notice', 'roll_mediation', 'outage_rule', 'allocation'],
  fees: ['fees'],
}
export function groupRules(rules: Rule[]): { key: string; rules: Rule[] }[] {
  const placed = new Set(Object.values(GROUPS).flat())
  const of = (keys: string[]) => keys.flatMap((k) => rules.find((r) => r.key === k) ?? [])
  return [...Object.entries(GROUPS).map(([key, keys]) => ({ key, rules: of(keys) })), { key: 'other', rules: rules.filter((r) => !placed.has(r.key)) }].filter((g) => g.rules.length)
}
