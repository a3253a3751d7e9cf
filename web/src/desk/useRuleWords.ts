import type { Json, JsonSchema, Rule } from '@/api'
import { tableDay } from '@/lib/format'
import { useLang } from '@/lib/useLang'
import { kindOf } from './rules'

/** Says values of rules in words. */
export function useRuleWords() {
  const { t, te, lang, money } = useLang()
  /** the name of a member; the same key may mean something else inside another rule */
  const part = (key: string, rule = '') => (te(`rules.part.${rule}_${key}`) ? t(`rules.part.${rule}_${key}`) : te(`rules.part.${key}`) ? t(`rules.part.${key}`) : key)
  const partHelp = (key: string, rule: string) => (te(`rules.part_help.${rule}_${key}`) ? t(`rules.part_help.${rule}_${key}`) : undefined)
  const unit = (u: string | undefined) => (u ? (te(`rules.unit.${u}`) ? t(`rules.unit.${u}`) : u) : '')
  const one = (v: string | number | boolean) => (te(`rules.word.${v}`) ? t(`rules.word.${v}`) : String(v))
  const bytes = (n: number) => (n >= 1024 ** 3 && n % 1024 ** 3 === 0 ? `${n / 1024 ** 3} GB` : `${Math.round((n / 1024 ** 2) * 10) / 10} MB`)
  function sayValue(v: Json | undefined, schema: JsonSchema, key: string, u?: string): string {
    if (v === null || v === undefined) return t('rules.unset')
    const kind = kindOf(schema, v, key)
    if (kind === 'flag') return v ? t('rules.yes') : t('rules.no')
    if (kind === 'bytes') return bytes(Number(v))
    if (kind === 'money') return money(Number(v))
    if (Array.isArray(v)) {
      const plain = v.every((x) => typeof x !== 'object')
      if (plain) return v.map((x) => one(x as string | number)).join(lang.value === 'en' ? ', ' : '、')
      const names = v.map((x) => (x && typeof x === 'object' && !Array.isArray(x) ? String((lang.value === 'en' && x.name_en) || (x.name ?? x.matter ?? x.id ?? '')) : '')).filter(Boolean)
      return names.length ? names.join(lang.value === 'en' ? ', ' : '、') : t('rules.entries', { n: v.length })
    }
    if (typeof v === 'object') {
      if (typeof v.name === 'string' && v.name && key !== 'unit') return String((lang.value === 'en' && v.name_en) || v.name)
      if (key === 'notice_lead') return `${String(v.n)} ${unit(String(v.unit))}`
      const keys = Object.keys(v)
      // texts and switches are named, not recited
      if (Object.values(v).some((x) => (typeof x === 'string' && x.length > 20) || typeof x === 'boolean')) return `${t('rules.entries', { n: keys.length })}${lang.value === 'en' ? ': ' : '：'}${keys.slice(0, 3).map((k) => part(k, key)).join(lang.value === 'en' ? ', ' : '、')}${keys.length > 3 ? '…' : ''}`
      return Object.entries(v).slice(0, 4).map(([k, x]) => `${part(k)} ${typeof x === 'object' ? (Array.isArray(x) ? x.map((y) => (typeof y === 'object' ? '…' : one(y))).join('、') : '…') : sayValue(x, {}, k)}`).join(lang.value === 'en' ? '; ' : '；')
    }
    return [one(v as string | number), unit(u)].filter(Boolean).join(' ')
  }
  const sayPart = (v: Json, key: string) => sayValue(v, {}, key)
  return { part, partHelp, sayPart, unit, one, bytes, sayRule: (r: Rule, v: Json | undefined = r.value) => sayValue(v, r.schema, r.key, r.unit), day: tableDay }
}
