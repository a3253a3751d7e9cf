import type { Clock, ClockFact, Excuse } from '@/api'
import { dayOf } from '@/lib/format'
import { useLang } from '@/lib/useLang'
import { stands } from './clocks'

/** What stands beside a clock, in words. */
export function useClockWords() {
  const { t, pick, day } = useLang()
  const plain = (d: string) => day(d, { weekday: false })
  /** 从《应诉通知书》送达（11 月 17 日）起算 */
  function start(c: Clock): string {
    const cause = pick(c, 'cause')
    if (!cause) return ''
    return c.from_at ? t('clocks.from_event', { event: cause, day: plain(dayOf(c.from_at)) }) : t('clocks.from_cause', { event: cause })
  }
  function aside(c: Clock): string[] {
    return [
      c.days_not_counted ? t('clocks.not_counted', { n: c.days_not_counted }, c.days_not_counted) : '',
      c.travel_days ? t('clocks.with_travel', { n: c.travel_days }, c.travel_days) : '',
    ].filter(Boolean)
  }
  function span(f: ClockFact): string {
    if (f.kind === 'travel') return t('clocks.days_n', { n: f.days ?? 0 }, f.days ?? 0)
    if (!f.from) return ''
    return stands(f) ? t('clocks.since', { day: plain(f.from) }) : t('clocks.span', { from: plain(f.from), until: f.until ? plain(f.until) : f.ended_at ? plain(dayOf(f.ended_at)) : '' })
  }
  const obstacle = (e: Excuse) => (e.obstacle_from ? t('clocks.obstacle_span', { from: plain(e.obstacle_from), until: plain(e.obstacle_ended) }) : t('clocks.obstacle_until', { until: plain(e.obstacle_ended) }))
  return { start, aside, span, obstacle, plain }
}
