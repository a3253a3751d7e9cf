import { computed } from 'vue'
import { useLang } from '@/lib/useLang'
import type { OpenItem } from '../model/open-items'
import { useDraft } from '../model/useDraft'

/** What stands under a field: our own check, or the court's words. Empty fields are marked only after “next”. */
export function useField() {
  const { t, pick, lang } = useLang()
  const desk = useDraft()
  function say(item: OpenItem): string {
    if (item.court) return [pick(item.court, 'text'), pick(item.court, 'cure')].filter(Boolean).join(lang.value === 'en' ? ' ' : '')
    const w = item.words ?? {}
    return t(`filing.open.${item.key}`, lang.value === 'en' && w.title_en ? { ...w, title: w.title_en } : w)
  }
  const byField = computed(() => new Map(desk.items.value.map((i) => [i.field, i])))
  /** `typed`: something stands in the field, so a fault may be named at once; `noticed`: the field shows notices beside */
  function errorAt(at: string, typed: boolean, noticed = false): string | undefined {
    const item = byField.value.get(at)
    if (!item || !(typed || desk.strict.value || item.court) || (noticed && mild(item))) return undefined
    return say(item)
  }
  /** What the court asks to look at again, where nothing is wrong: it may be sent as it is. */
  function noticeAt(at: string): string | undefined {
    const item = byField.value.get(at)
    return item && mild(item) ? say(item) : undefined
  }
  const mild = (item: OpenItem) => item.court?.level === 'warn'
  return { say, errorAt, noticeAt }
}
