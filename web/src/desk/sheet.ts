import type { DraftContent, Form, Json, JsonSchema, Party } from '@/api/types'

/** Everything a person filled in, as readable rows; the words come from the caller. */
export interface SheetRow {
  label: string
  value: string
  /** JSON pointer in the content: what a correction item may point at */
  field: string
}
export interface SheetPart {
  title: string
  rows: SheetRow[]
}
export interface Words {
  t: (key: string, named?: Record<string, unknown>) => string
  te: (key: string) => boolean
  money: (fen: number) => string
  day: (day: string) => string
  english: boolean
}
const word = (w: Words, group: string, value: string) => (w.te(`review.${group}.${value}`) ? w.t(`review.${group}.${value}`) : value)

const PARTY_FIELDS = [
  'gender', 'birth', 'ethnic', 'id_number', 'uscc', 'org_type', 'rep_name', 'rep_post', 'phone', 'email',
  'domicile', 'residence', 'office', 'reg_place', 'employer', 'post', 'rep_phone', 'ownership',
] as const satisfies readonly (keyof Party)[]

export function partyPart(p: Party, i: number, w: Words): SheetPart {
  const row = (key: keyof Party, value: string): SheetRow => ({ label: w.t(`review.field.${key}`), value, field: `/parties/${i}/${key}` })
  const rows = [row('name', p.name ?? '')]
  for (const key of PARTY_FIELDS) {
    const v = p[key]
    if (!v) continue
    rows.push(row(key, key === 'gender' ? word(w, 'gender', v) : key === 'birth' ? w.day(v) : v))
  }
  if (p.guardian?.name) rows.push({ label: w.t('review.field.guardian'), value: [p.guardian.name, p.guardian.relation, p.guardian.phone].filter(Boolean).join(' · '), field: `/parties/${i}/guardian` })
  return { title: `${word(w, 'side', p.side)} · ${word(w, 'party_kind', p.kind)}`, rows }
}
export const partyParts = (c: DraftContent, w: Words) => (c.parties ?? []).map((p, i) => partyPart(p, i, w))

export function representativeParts(c: DraftContent, w: Words): SheetPart[] {
  return (c.representatives ?? []).map((r, i) => {
    const rows = (['name', 'unit', 'licence', 'phone'] as const).flatMap((k) => (r[k] ? [{ label: w.t(`review.field.${k}`), value: r[k], field: `/representatives/${i}/${k}` }] : []))
    const whom = r.party_ids.map((id) => c.parties?.find((p) => p.id === id)?.name ?? '').filter(Boolean).join('、')
    if (whom) rows.push({ label: w.t('review.field.represents'), value: whom, field: `/representatives/${i}/party_ids` })
    if (r.power) rows.push({ label: w.t('review.field.power'), value: [word(w, 'power', r.power), ...(r.power_matters ?? [])].join('；'), field: `/representatives/${i}/power` })
    return { title: word(w, 'rep_kind', r.kind), rows }
  })
}
export function servicePart(c: DraftContent, w: Words): SheetPart {
  const s = c.service ?? {}
  const rows = (['receiver', 'phone', 'email', 'address'] as const).flatMap((k) => (s[k] ? [{ label: w.t(`review.field.${k}`), value: s[k], field: `/service/${k}` }] : []))
  rows.push({ label: w.t('review.field.e_service'), value: s.e_service ? w.t('review.yes_by', { channels: (s.channels ?? []).map((x) => word(w, 'channel', x)).join('、') }) : w.t('review.no'), field: '/service/e_service' })
  rows.push({ label: w.t('review.field.understood'), value: s.understood ? w.t('review.yes') : w.t('review.no'), field: '/service/understood' })
  return { title: w.t('review.part.service'), rows }
}
export function evidenceParts(c: DraftContent, w: Words): SheetPart[] {
  return (c.evidence ?? []).map((e, i) => ({
    title: `${i + 1}  ${e.name ?? ''}`,
    rows: [
      { label: w.t('review.field.purpose'), value: e.purpose ?? '', field: `/evidence/${i}/purpose` },
      { label: w.t('review.field.source'), value: e.source ?? '', field: `/evidence/${i}/source` },
      { label: w.t('review.field.evidence_kind'), value: `${e.kind ? word(w, 'evidence_kind', e.kind) : ''}${e.original ? ` · ${w.t('review.original')}` : ''}`, field: `/evidence/${i}/kind` },
      ...(e.witness_name ? [{ label: w.t('review.field.witness'), value: [e.witness_name, e.witness_address].filter(Boolean).join(' · '), field: `/evidence/${i}/witness_name` }] : []),
    ].filter((r) => r.value),
  }))
}
export function claimsPart(c: DraftContent, w: Words): SheetPart {
  const rows = (c.claims ?? []).map((k, i) => ({ label: w.t('review.claim_n', { n: i + 1 }), value: [k.text, typeof k.amount_fen === 'number' ? w.money(k.amount_fen) : ''].filter(Boolean).join('\n'), field: `/claims/${i}/text` }))
  if (typeof c.amount_fen === 'number') rows.push({ label: w.t('review.field.amount'), value: w.money(c.amount_fen), field: '/amount_fen' })
  return { title: w.t('review.part.claims'), rows }
}
export function groundsParts(c: DraftContent, w: Words): SheetPart[] {
  const rows: SheetRow[] = []
  if (c.cause) rows.push({ label: w.t('review.field.cause'), value: `${c.cause.name}（${c.cause.code}）`, field: '/cause' })
  const j = c.jurisdiction
  if (j?.ground) rows.push({ label: w.t('review.field.ground'), value: word(w, 'ground', j.ground), field: '/jurisdiction/ground' })
  if (j?.clause) rows.push({ label: w.t('review.field.clause'), value: j.clause_text ?? w.t('review.yes'), field: '/jurisdiction/clause_text' })
  if (j?.arbitration) rows.push({ label: w.t('review.field.arbitration'), value: j.arbitration_void ? w.t('review.arbitration_void') : w.t('review.yes'), field: '/jurisdiction/arbitration' })
  const flat = (at: 'administrative' | 'enforcement' | 'divorce' | 'preservation') =>
    Object.entries(c[at] ?? {}).forEach(([k, v]) => {
      if (v === null || v === '' || v === undefined) return
      rows.push({ label: word(w, 'field', k), value: typeof v === 'boolean' ? w.t(v ? 'review.yes' : 'review.no') : word(w, 'basis', String(v)), field: `/${at}/${k}` })
    })
  flat('administrative')
  flat('enforcement')
  flat('divorce')
  flat('preservation')
  if (c.mediation?.want) rows.push({ label: w.t('review.field.mediation'), value: word(w, 'want', c.mediation.want), field: '/mediation/want' })
  const parts = rows.length ? [{ title: w.t('review.part.grounds'), rows }] : []
  if (c.facts) parts.push({ title: w.t('review.part.facts'), rows: [{ label: '', value: c.facts, field: '/facts' }] })
  return parts
}

/** Walks the form's schema in its order and reads the values beside it. */
export function elementParts(form: Form, values: Record<string, Json>, w: Words): SheetPart[] {
  return Object.entries(form.schema.properties ?? {}).flatMap(([section, schema]) => {
    const own = values[section]
    if (!own || typeof own !== 'object' || Array.isArray(own)) return []
    const rows = Object.entries(schema.properties ?? {}).flatMap(([key, s]) => {
      const value = say(s, own[key], w)
      return value ? [{ label: name(s, key, w), value, field: `/elements/values/${section}/${key}` }] : []
    })
    return rows.length ? [{ title: name(schema, section, w), rows }] : []
  })
}
const name = (s: JsonSchema, key: string, w: Words) => (w.english ? s['x-en'] : s.title) ?? s.title ?? key

function say(s: JsonSchema, v: Json | undefined, w: Words): string {
  if (v === null || v === undefined || v === '') return ''
  const option = (x: Json) => {
    const o = s['x-options']?.find((o) => o.value === x)
    return o ? (w.english ? o.en : o.label) : String(x)
  }
  if (Array.isArray(v)) return v.map((x) => (typeof x === 'object' ? say(s.items ?? {}, x, w) : option(x))).filter(Boolean).join('；')
  if (typeof v === 'object') {
    if (s['x-widget'] === 'range') return [v.from, v.to].filter(Boolean).map((d) => w.day(String(d))).join(w.english ? ' to ' : ' 至 ')
    const parts = Object.entries(v).flatMap(([k, x]) => {
      if (k === 'yes') return [x === true ? w.t('review.yes') : w.t('review.no')]
      const inner = s.properties?.[k]
      const text = say(inner ?? {}, x, w)
      return text ? [inner ? `${name(inner, k, w)}${w.english ? ': ' : '：'}${text}` : text] : []
    })
    return parts.join(w.english ? '; ' : '；')
  }
  if (typeof v === 'boolean') return w.t(v ? 'review.yes' : 'review.no')
  if (s['x-widget'] === 'money' && typeof v === 'number') return w.money(v)
  if (s['x-widget'] === 'rate' && typeof v === 'number') return `${v}%`
  if (s['x-widget'] === 'date') return w.day(String(v))
  return `${option(v)}${s['x-unit'] ? ` ${s['x-unit']}` : ''}`
}
