import { createI18n } from 'vue-i18n'
import type { Language } from '@/api/types'

/** Messages live in one JSON per module: zh/<module>.json ⇒ keys `<module>.…`. */
const files = import.meta.glob<Record<string, unknown>>('./zh/*.json', { eager: true, import: 'default' })
const zh = Object.fromEntries(Object.entries(files).map(([p, m]) => [p.slice('./zh/'.length, -'.json'.length), m]))

// Plain records on purpose: typing 1,000 keys slows the checker, and tests/i18n.test.ts guards them.
export const i18n = createI18n({
  legacy: false,
  locale: 'zh',
  fallbackLocale: 'zh',
  messages: { zh: zh as Record<string, never>, en: {} as Record<string, never> },
  missingWarn: import.meta.env.DEV,
  fallbackWarn: false,
})

let englishLoaded = false

export async function setLanguage(lang: Language): Promise<void> {
  if (lang === 'en' && !englishLoaded) {
    i18n.global.setLocaleMessage('en', (await import('./en')).default as Record<string, never>)
    englishLoaded = true
  }
  i18n.global.locale.value = lang
  document.documentElement.lang = lang === 'en' ? 'en' : 'zh-CN'
}

export function currentLanguage(): Language {
  return i18n.global.locale.value === 'en' ? 'en' : 'zh'
}

/** t() outside components. Narrowed by hand: the library's own type is too deep for the checker. */
export function say(key: string): string {
  return (i18n.global as unknown as { t: (key: string) => string }).t(key)
}
