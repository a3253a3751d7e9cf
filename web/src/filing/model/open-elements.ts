import type { DraftContent, Json } from '@/api/types'
import { missing, missingItems, type FormSchema, type Values } from '../form/schema'
import { pointer } from './json'

/** Members of the filing that an element form shares instead of asking twice. */
export function sameAs(content: DraftContent, at: string): Json | undefined {
  if (at === '/amount_fen') return content.amount_fen ?? undefined
  if (at === '/facts') return content.facts
  return undefined
}

/**
 * Open items of the element form. A full statement of the facts may stand in for the elements of
 * the facts (forms/README.md), so those are asked for only while it is empty.
 */
export function claimedMissing(form: FormSchema, content: DraftContent): { field: string; title: string; title_en: string }[] {
  const values = (content.elements?.values ?? {}) as Values
  const lookup = (at: string) => sameAs(content, at)
  const told = Boolean(content.facts?.trim())
  const open = [...missing(form, values, 'claims', lookup), ...(told ? [] : missing(form, values, 'facts', lookup))]
  return missingItems(open).map((m) => ({ field: `/elements/values${pointer(m.path)}`, title: m.title, title_en: m.title_en }))
}
