import type { FeeKind, FeeQuery } from '@/api/types'

/** What the fee page holds while one types; the address keeps the same things in the API's own words. */
export interface FeeForm {
  kind: string
  /** one amount, or the amount before a change */
  amount: string
  /** the amount after a change */
  after: string
  /** words that were said: key → value, `yes` for a bare word */
  words: Record<string, string>
  /** words this page has no field for; a shared address keeps them */
  rest: string[]
  court: string
}
type Asked = Record<string, unknown>
const text = (v: unknown) => (typeof v === 'string' ? v : '')

export function readForm(query: Asked, kinds: FeeKind[]): FeeForm {
  const kind = text(query.kind)
  const known = new Map((kinds.find((k) => k.key === kind)?.params ?? []).map((p) => [p.key, p]))
  const [before = '', after = ''] = text(query.amount).split('->')
  const form: FeeForm = { kind, amount: before.trim(), after: after.trim(), words: {}, rest: [], court: text(query.court) }
  for (const word of text(query.params).split(';').map((w) => w.trim()).filter(Boolean)) {
    const [key = '', value = 'yes'] = word.split('=').map((w) => w.trim())
    if (known.has(key)) form.words[key] = value
    else form.rest.push(word)
  }
  return form
}

/** The question in the words of the API: nothing that is empty, nothing the kind has no use for. */
export function writeQuery(form: FeeForm, kind: FeeKind): FeeQuery {
  const words = kind.params
    .filter((p) => (form.words[p.key] ?? '') !== '')
    .map((p) => (p.takes === 'nothing' ? p.key : `${p.key}=${form.words[p.key]?.replace(/[,，\s]/g, '') ?? ''}`))
  const params = [...words, ...form.rest].join(';')
  const amount = kind.amount === 'none' ? '' : kind.amount === 'change' ? `${form.amount}->${form.after}` : form.amount
  return {
    kind: kind.key,
    ...(amount.trim() && amount !== '->' ? { amount: amount.trim() } : {}),
    ...(params ? { params } : {}),
    ...(Number(form.court) ? { court: Number(form.court) } : {}),
  }
}

/** 5,800.00 from the server's 5800.00: people read thousands in groups. */
export function grouped(yuan: string): string {
  const [whole = '', rest = ''] = yuan.split('.')
  return `${whole.replace(/\B(?=(\d{3})+$)/g, ',')}${rest ? `.${rest}` : ''}`
}
