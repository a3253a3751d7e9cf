import type { IconName } from '@/ui'

/** The court names the act; the page knows where it is done. An unknown act opens the papers. */
export interface NextAction {
  label: 'file' | 'papers' | 'contact'
  icon: IconName
  tab: 'file' | 'papers' | 'contact'
}
export function nextAction(action: string | undefined): NextAction | null {
  if (!action || action === 'none' || action === 'wait') return null
  if (/contact|call|counter/.test(action)) return { label: 'contact', icon: 'phone', tab: 'contact' }
  if (/file|evidence|reply|defen[cs]e|material/.test(action)) return { label: 'file', icon: 'files', tab: 'file' }
  return { label: 'papers', icon: 'inbox', tab: 'papers' }
}
