import type { CheckItem, CheckReport, Filing, NewCorrection, WizardStep } from '@/api/types'

/** One thing to correct while the clerk is writing. The number is its place in the list. */
export interface Item {
  id: string
  step: WizardStep
  field: string | null
  file_id: string | null
  page: number | null
  what: string
  where: string
  cure: string
  /** why paper is wanted; without a lawful ground nobody is sent for an original */
  original_ground: OriginalGround | null
  /** the check it came from, so that it is not taken twice */
  check: string | null
}
export type OriginalGround = NonNullable<NewCorrection['original_ground']>
export const GROUNDS: OriginalGround[] = ['objection', 'unclear', 'archive', 'court_need']
export const STEPS: WizardStep[] = ['court', 'cause', 'parties', 'claims', 'evidence', 'service', 'statement']

let last = 0
export const newItem = (from: Partial<Item> = {}): Item => ({
  id: `i${++last}-${Date.now().toString(36)}`, step: 'claims', field: null, file_id: null, page: null,
  what: '', where: '', cure: '', original_ground: null, check: null, ...from,
})
export const checkKey = (c: CheckItem): string => `${c.id}${c.field ?? ''}`
/** Only what fails; a hint is not a fault. */
export const failing = (report: CheckReport): CheckItem[] => report.items.filter((c) => c.level !== 'info')

/** “A：B。” → what is wrong, short; the rest stays in the text of the check. */
export function shortWords(text: string): string {
  const head = text.split(/[：:。；;]/)[0]?.trim() ?? ''
  return head.length >= 4 ? head : text.replace(/[。.]$/, '')
}
export function fromCheck(c: CheckItem, where: string): Item {
  return newItem({ step: c.step, field: c.field, what: shortWords(c.text), where, cure: c.cure, check: checkKey(c) })
}
/** Areas of a filing without a failing check. */
export function passedSteps(report: CheckReport): WizardStep[] {
  const bad = new Set(failing(report).map((c) => c.step))
  return STEPS.filter((s) => !bad.has(s))
}
export const openChecks = (report: CheckReport, items: Item[]): CheckItem[] =>
  failing(report).filter((c) => !items.some((i) => i.check === checkKey(c)))

/** The first item that cannot be sent yet: the party must read what, where and how to mend it. */
export const wantsPaper = (i: Item): boolean => /原件|纸质|纸本/.test(i.what + i.cure)
export const unfinished = (items: Item[]): Item | undefined =>
  items.find((i) => !i.what.trim() || !i.cure.trim() || !i.where.trim() || (wantsPaper(i) && !i.original_ground))

export function toBody(items: Item[]): NewCorrection[] {
  return items.map((i) => ({
    step: i.step, what: i.what.trim(), where: i.where.trim(), cure: i.cure.trim(),
    ...(i.field ? { field: i.field } : {}), ...(i.file_id ? { file_id: i.file_id } : {}), ...(i.page ? { page: i.page } : {}),
    ...(wantsPaper(i) && i.original_ground ? { original_ground: i.original_ground } : {}),
  }))
}

/** An unsent list outlives a reload and a look at another filing. */
const place = (filing: string) => `lianting.review.${filing}`
export function loadItems(filing: Filing): Item[] {
  try {
    const got = JSON.parse(sessionStorage.getItem(place(filing.id)) ?? 'null') as { version: number; items: Item[] } | null
    if (got && got.version === filing.version) return got.items.map((i) => newItem(i))
  } catch {
    // nothing kept
  }
  return []
}
export function storeItems(id: string, version: number, items: Item[]): void {
  try {
    if (items.length) sessionStorage.setItem(place(id), JSON.stringify({ version, items }))
    else sessionStorage.removeItem(place(id))
  } catch {
    // the list then lasts as long as the page
  }
}
