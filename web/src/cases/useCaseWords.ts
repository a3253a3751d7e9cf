import type { Case, CaseSummary } from '@/api/types'
import { dayOf } from '@/lib/format'
import { useLang } from '@/lib/useLang'

/** Stage and procedure come as codes; a word we do not know is shown as it is. */
export function useCaseWords() {
  const { t, te, day } = useLang()
  const word = (group: string, code: string) => (te(`cases.${group}.${code}`) ? t(`cases.${group}.${code}`) : code)
  /** 2026年11月22日结案：判决; empty while the case is open. */
  const closing = (c: Pick<Case | CaseSummary, 'closed_at' | 'closed_how'>) => (c.closed_at ? t('cases.closed_line', { day: day(dayOf(c.closed_at), { weekday: false }), manner: word('manner_is', c.closed_how ?? '') }) : '')
  return { stage: (code: string) => word('stage_is', code), procedure: (code: string) => word('procedure_is', code), manner: (code: string) => word('manner_is', code), closing }
}
