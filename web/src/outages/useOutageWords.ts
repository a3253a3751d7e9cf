import type { Outage, PartStanding } from '@/api'
import { sayClock, sayTime, dayOf } from '@/lib/format'
import { useLang } from '@/lib/useLang'
import { span } from './outages'

/** Parts, spans and reaches in words. */
export function useOutageWords() {
  const { t, te, lang, pick } = useLang()
  const part = (p: string) => (te(`outages.part.${p}`) ? t(`outages.part.${p}`) : p)
  const named = (p: Pick<PartStanding, 'name' | 'name_en'>) => pick(p, 'name')
  const parts = (list: readonly string[]) => list.map(part).join(t('outages.comma'))
  function length(minutes: number): string {
    const { h, m } = span(minutes)
    if (!h) return t('outages.minutes', { n: Math.max(1, m) })
    return m ? t('outages.hours_minutes', { h, m }) : t('outages.hours', { h })
  }
  /** 11 月 20 日 14:05–15:20; the day is said once */
  function when(o: Pick<Outage, 'from' | 'to'>): string {
    const from = sayTime(o.from, lang.value)
    if (!o.to) return t('outages.since', { time: from })
    return `${from}–${dayOf(o.from) === dayOf(o.to) ? sayClock(o.to) : sayTime(o.to, lang.value)}`
  }
  const where = (o: Pick<Outage, 'scope' | 'court_name'>) => (o.scope === 'province' ? t('outages.whole_province') : (o.court_name ?? ''))
  const why = (o: Pick<Outage, 'reason' | 'reason_en'>) => pick(o, 'reason')
  return { part, named, parts, length, when, where, why }
}
