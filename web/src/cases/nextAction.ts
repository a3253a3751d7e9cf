import type { Case, Clock, NextStep } from '@/api/types'
import type { IconName } from '@/ui'

/** What stands on the next-step card. Words are the court's own, or ours by key under `cases.next_is`. */
export interface Next {
  own?: 'assign' | 'send' | 'list' | 'defend' | 'closed'
  by?: Clock
  action: NextAction | null
}
export interface NextAction {
  label: 'file' | 'papers' | 'notice' | 'contact' | 'staff'
  icon: IconName
  /** a tab of the case, or the court's panel on this page */
  tab: 'file' | 'papers' | 'contact' | 'staff'
  /** what must be done is dark; what may be done is not */
  must: boolean
}
/** The court names the act; the page knows where it is done. An unknown act opens the papers. */
export function nextAction(action: string | undefined): NextAction | null {
  if (!action || action === 'none' || action === 'wait') return null
  if (/contact|call|counter/.test(action)) return { label: 'contact', icon: 'phone', tab: 'contact', must: true }
  if (/file|evidence|reply|defen[cs]e|material/.test(action)) return { label: 'file', icon: 'files', tab: 'file', must: true }
  return { label: 'papers', icon: 'inbox', tab: 'papers', must: true }
}
const open = (c: Clock | undefined): c is Clock => c !== undefined && c.state !== 'done' && c.state !== 'breached'

/**
 * The one thing to do for whoever looks. Where the court names no act it follows from who they are:
 * the court's people have the panel and the copy for the defendant before them, a defendant reads what was
 * filed, the others may read their notice while they wait.
 */
export function nextFor(kase: Pick<Case, 'viewer' | 'staff' | 'clocks' | 'papers' | 'parties' | 'closed_at'>, step: NextStep): Next {
  const named = nextAction(step.action)
  if (named) return { by: step.by ?? undefined, action: named }
  const { capacity, may } = kase.viewer
  // nothing is to be done any more; what ended it is among the papers
  if (kase.closed_at) return capacity === 'staff' ? { own: 'closed', action: null } : { action: { label: 'papers', icon: 'inbox', tab: 'papers', must: false } }
  if (capacity === 'staff') {
    const panel: NextAction = { label: 'staff', icon: 'users', tab: 'staff', must: true }
    if (!kase.staff.some((s) => s.role === 'judge')) return { own: 'assign', action: may.includes('assign') ? panel : null }
    const copy = kase.clocks.find((c) => c.key === 'send_complaint')
    const missing = kase.parties.some((p) => p.side !== 'plaintiff' && p.side !== 'applicant' && !p.joined)
    if (open(copy) && missing) return { own: 'send', by: copy, action: may.includes('join_codes') ? panel : null }
    return { own: 'list', action: null }
  }
  if (capacity === 'defendant' || capacity === 'respondent' || capacity === 'third_party') return { own: 'defend', action: { label: 'file', icon: 'files', tab: 'file', must: true } }
  const notice = kase.papers.some((p) => p.kind === 'acceptance_notice')
  return { action: notice ? { label: 'notice', icon: 'file-text', tab: 'papers', must: false } : null }
}
