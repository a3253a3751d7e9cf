import { computed } from 'vue'
import type { Clock } from '@/api/types'
import type { IconName } from '@/ui/glyphs'
import { daysBetween } from './format'
import { useLang } from './useLang'

const ICONS: Record<Clock['state'], IconName> = {
  running: 'clock', soon: 'triangle-alert', last_day: 'octagon-alert', breached: 'octagon-alert', paused: 'pause', done: 'check',
}

/** The words of a clock: short word, date line, and the sentence a screen reader gets. */
export function useClock(get: () => Clock) {
  const { t, lang, pick, day } = useLang()
  const left = computed(() => Math.max(0, get().total_days - get().used_days))
  const word = computed(() => {
    const c = get()
    switch (c.state) {
      case 'last_day': return t('clock.today_24')
      case 'breached': return t('clock.breached')
      case 'paused': return t('clock.paused')
      case 'done': return t('clock.done')
      // used_days counts today, so with 0 left today is the last day
      default: return left.value === 1 && c.state === 'soon' ? t('clock.tomorrow') : t('clock.left', { n: left.value })
    }
  })
  const detail = computed(() => {
    const c = get()
    if (c.state === 'paused') return c.reason ? t('clock.paused_for', { reason: c.reason }) : t('clock.paused')
    if (c.state === 'done') return t('clock.was_due', { day: day(c.due_on) })
    const due = t('clock.due', { day: day(c.due_on) })
    const rolled = c.rolled_from ? t('clock.rolled', { day: day(c.rolled_from) }) : ''
    return [due, rolled].filter(Boolean).join(lang.value === 'en' ? ' ' : '')
  })
  const sentence = computed(() => {
    const c = get()
    return t('clock.sentence', { name: pick(c, 'name'), word: word.value, detail: detail.value, used: c.used_days, total: c.total_days })
  })
  return { word, detail, sentence, left, icon: computed(() => ICONS[get().state]) }
}

/** The days the law gives. The scale also draws those that a rest day at the end adds; they are not part of the period. */
export const periodDays = (c: Clock): number =>
  c.total_days - (c.rolled_from ? daysBetween(c.rolled_from, c.due_on) : 0)
