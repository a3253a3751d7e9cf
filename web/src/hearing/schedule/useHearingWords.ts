import type { HearingHeld, HearingMode, HearingRole, HearingSummary, Score, SessionKind } from '@/hearing/before/types'
import { dayOf, sayClock } from '@/lib/format'
import { useLang } from '@/lib/useLang'

/** The closed words of a hearing, and its time, said. */
export function useHearingWords() {
  const { t, pick, day } = useLang()
  return {
    kind: (k: SessionKind) => t(`hearing_desk.kind.${k}`),
    role: (r: HearingRole) => t(`hearing_desk.role.${r}`),
    held: (h: HearingHeld) => t(`hearing_desk.held.${h}`),
    mode: (m: HearingMode) => t(`hearing_desk.mode.${m}`),
    score: (s?: Score) => t(`hearing_desk.score.${s ?? 'none'}`),
    kindOf: (h: HearingSummary) => pick(h, 'kind_name'),
    stateOf: (h: HearingSummary) => pick(h, 'state_name'),
    /** 11 月 26 日 周四 14:30–16:30 */
    span: (h: { starts_at: string; ends_at: string }) => `${day(dayOf(h.starts_at))} ${sayClock(h.starts_at)}–${sayClock(h.ends_at)}`,
    clocks: (h: { starts_at: string; ends_at: string }) => `${sayClock(h.starts_at)}–${sayClock(h.ends_at)}`,
    /** where: the courtroom, or online */
    where: (h: Pick<HearingSummary, 'courtroom' | 'held' | 'needs_courtroom'>) =>
      [h.courtroom ?? (h.needs_courtroom ? t('hearing_desk.no_courtroom') : ''), h.held === 'offline' ? '' : t(`hearing_desk.held.${h.held}`)].filter(Boolean).join(' · '),
  }
}
