import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import type { Fen, Day, Instant, Language } from '@/api/types'
import { sayDay, sayTime, yuan } from './format'

/** t(), the language, and the words the server gives in both languages. */
export function useLang() {
  const { t, te, locale } = useI18n()
  const lang = computed<Language>(() => (locale.value === 'en' ? 'en' : 'zh'))
  /** pick(clock, 'name') → name or name_en; falls back to Chinese where no English exists. */
  function pick<K extends string>(of: { [P in K | `${K}_en`]?: string }, key: K): string {
    const bag = of as Record<string, string | undefined>
    return (lang.value === 'en' ? bag[`${key}_en`] || bag[key] : bag[key]) ?? ''
  }
  return {
    t, te, lang, pick,
    day: (d: Day, o?: { weekday?: boolean; year?: boolean }) => sayDay(d, lang.value, o),
    time: (at: Instant, o?: { weekday?: boolean; seconds?: boolean; year?: boolean }) => sayTime(at, lang.value, o),
    money: (fen: Fen) => `${yuan(fen)} ${lang.value === 'en' ? 'CNY' : '元'}`,
  }
}
