import type { CheckItem, DraftContent, WizardStep } from '@/api/types'
import type { NumberFault } from './identity'
import { phoneFault, residentIdFault, usccFault } from './identity'
import { claimedMissing } from './open-elements'
import type { FormSchema } from '../form/schema'
import { covers, equal, getAt, prune, type JsonObject } from './json'
import { neededPapers, paperOf } from './papers'
import { isOwnSide, stepOf } from './steps'

/** Something the person has still to do. `key` is an i18n key of `filing.open`, or the court's own words. */
export interface OpenItem {
  id: string
  step: WizardStep
  field: string
  key?: string
  words?: Record<string, string | number>
  court?: CheckItem
}

const faultKey: Record<NumberFault, string> = { length: 'number_length', signs: 'number_signs', date: 'number_date', check: 'number_check' }

/** What can be seen at once, without asking the court. Order = order on the screen. */
export function localItems(content: DraftContent, form: FormSchema | null): OpenItem[] {
  const out: OpenItem[] = []
  const need = (step: WizardStep, field: string, key: string, words?: OpenItem['words']) => out.push({ id: `${key}:${field}`, step, field, key, words })
  if (!content.court_id) need('court', '/court_id', 'court')
  if (!content.cause) need('cause', '/cause', 'cause')
  partyItems(content, need)
  claimItems(content, form, need)
  ;(content.evidence ?? []).forEach((e, i) => {
    if (!e.purpose?.trim()) need('evidence', `/evidence/${i}/purpose`, 'purpose', { name: e.name ?? '' })
    if (e.kind === 'testimony' && !e.witness_name?.trim()) need('evidence', `/evidence/${i}/witness_name`, 'witness')
  })
  for (const n of neededPapers(content)) {
    if (!n.optional && !paperOf(content, n)?.file_ids.length) need('evidence', `/papers/${n.key}`, `paper_${n.kind}`, { who: n.who })
  }
  const s = content.service ?? {}
  if (!s.address?.trim()) need('service', '/service/address', 'service_address')
  if (!s.receiver?.trim()) need('service', '/service/receiver', 'service_receiver')
  if (!s.phone?.trim()) need('service', '/service/phone', 'service_phone')
  if (s.e_service === undefined) need('service', '/service/e_service', 'e_service')
  if (s.e_service && !s.understood) need('service', '/service/understood', 'understood')
  return out
}

type Need = (step: WizardStep, field: string, key: string, words?: OpenItem['words']) => void

function partyItems(content: DraftContent, need: Need): void {
  const parties = content.parties ?? []
  const enforcement = content.kind === 'enforcement'
  if (!parties.some((p) => isOwnSide(p.side))) need('parties', '/parties/own', enforcement ? 'applicant' : 'plaintiff')
  if (!parties.some((p) => p.side === 'defendant' || p.side === 'respondent')) need('parties', '/parties/other', enforcement ? 'respondent' : 'defendant')
  parties.forEach((p, i) => {
    const at = `/parties/${i}`
    const who = p.name ?? ''
    if (!p.name?.trim()) need('parties', `${at}/name`, 'party_name')
    const id = p.kind === 'natural' && (p.id_type ?? 'resident_id') === 'resident_id' ? residentIdFault(p.id_number ?? '') : null
    if (id) need('parties', `${at}/id_number`, faultKey[id], { who })
    const code = p.kind !== 'natural' ? usccFault(p.uscc ?? '') : null
    if (code) need('parties', `${at}/uscc`, faultKey[code], { who })
    if (phoneFault(p.phone ?? '')) need('parties', `${at}/phone`, 'phone_wrong', { who })
    if (!isOwnSide(p.side)) return
    if (p.kind === 'natural') {
      if (!p.id_number?.trim()) need('parties', `${at}/id_number`, 'id_number', { who })
      if (!p.phone?.trim()) need('parties', `${at}/phone`, 'phone', { who })
      if (!p.domicile?.trim()) need('parties', `${at}/domicile`, 'domicile', { who })
    } else {
      if (!p.uscc?.trim()) need('parties', `${at}/uscc`, 'uscc', { who })
      if (!p.rep_name?.trim()) need('parties', `${at}/rep_name`, 'rep_name', { who })
      if (!p.office?.trim()) need('parties', `${at}/office`, 'office', { who })
    }
  })
  ;(content.representatives ?? []).forEach((r, i) => {
    if (!r.name?.trim()) need('parties', `/representatives/${i}/name`, 'representative_name')
    if (!r.power) need('parties', `/representatives/${i}/power`, 'power', { who: r.name ?? '' })
  })
}

function claimItems(content: DraftContent, form: FormSchema | null, need: Need): void {
  if (form && content.elements) {
    for (const m of claimedMissing(form, content)) need('claims', m.field, 'element', { title: m.title, title_en: m.title_en })
  } else {
    if (!content.claims?.some((c) => c.text.trim())) need('claims', '/claims', 'claims')
    if (!content.facts?.trim()) need('claims', '/facts', 'facts')
  }
  if (content.kind === 'administrative' && !content.administrative?.agency?.trim()) need('claims', '/administrative/agency', 'agency')
  if (content.kind === 'enforcement' && !content.enforcement?.basis_number?.trim()) need('claims', '/enforcement/basis_number', 'basis_number')
}

/** Findings of one rule share its id: with the place they are told apart. */
export const findingKey = (c: CheckItem): string => `${c.id} ${c.field}`
/** A finding about a field that was changed since is old news until the court has looked again. */
export function stillTrue(found: CheckItem[], looked: JsonObject, content: JsonObject): CheckItem[] {
  return found.filter((c) => {
    const path = c.field.split('/').slice(1).map((k) => k.replace(/~1/g, '/').replace(/~0/g, '~'))
    return path.length === 0 || equal(prune(getAt(looked, path)), prune(getAt(content, path)))
  })
}
/** Our step for a finding: where the field is asked here, else where the court puts it. */
export const placeOf = (c: CheckItem): WizardStep => (c.field ? stepOf(c.field) : c.step)

/** Our own list and the court's, one entry per place. The court's words win where both speak. */
export function joinItems(local: OpenItem[], court: CheckItem[], confirmed: ReadonlySet<string>): OpenItem[] {
  const said = court
    .filter((c) => c.level !== 'info' && !confirmed.has(findingKey(c)))
    .map((c): OpenItem => ({ id: findingKey(c), step: placeOf(c), field: c.field, court: c }))
  const fresh = said.filter((s) => !local.some((l) => s.field !== '' && (covers(s.field, l.field) || covers(l.field, s.field))))
  return [...local, ...fresh]
}
