import { computed, reactive, ref, watch } from 'vue'
import type { Filing } from '@/api/types'
import { failing, checkKey, openChecks, type Item } from './corrections'
import { atPointer, tabOfField, tabOfFile, tabsOf, type Tab, type TabFile, type TabKey } from './material'

/** A place in the papers that an item (with number) or an open check (without) points at. */
export interface Mark {
  id: string
  n: number | null
  field: string | null
  file: string | null
  page: number | null
  /** the words to look for on a page */
  words: string | null
}
export type Side = 'sheet' | string

/** What lies on the desk: the chosen paper, its page, the zoom, the second pane, and the marks. */
export function useViewer(filing: () => Filing | undefined, items: () => Item[]) {
  const tabs = computed<Tab[]>(() => { const f = filing(); return f ? tabsOf(f) : [] })
  const at = reactive({ tab: 'pleading' as TabKey, zoom: 1, compare: window.innerWidth >= 768, right: 'sheet' as Side, rightPage: 1 })
  const chosen = ref<Record<string, string>>({})
  const pages = ref<Record<string, number>>({})
  /** learnt from the file itself; the record may not know */
  const counts = ref<Record<string, number>>({})
  const lit = ref<string | null>(null)

  const tab = computed(() => tabs.value.find((t) => t.key === at.tab) ?? tabs.value[0])
  const file = computed<TabFile | undefined>(() => tab.value?.files.find((f) => f.id === chosen.value[tab.value?.key ?? '']) ?? tab.value?.files[0])
  const page = computed(() => (file.value ? (pages.value[file.value.id] ?? 1) : 1))
  const rightFile = computed<TabFile | undefined>(() => tabs.value.flatMap((t) => t.files).find((f) => f.id === at.right))
  const countOf = (f: TabFile | undefined) => (f ? (counts.value[f.id] ?? f.pages ?? 1) : 0)

  watch(() => filing()?.id, () => {
    at.tab = tabs.value[0]?.key ?? 'pleading'
    at.right = 'sheet'
    at.rightPage = 1
    chosen.value = {}
    pages.value = {}
    lit.value = null
  })
  watch(() => at.tab, () => {
    // The address of service has no paper of its own: it is read against the pleading.
    at.right = tab.value?.files.length ? 'sheet' : (tabs.value[0]?.files[0]?.id ?? 'sheet')
    at.rightPage = 1
  })

  function openTab(n: number) {
    const t = tabs.value[n - 1]
    if (t) at.tab = t.key
  }
  function choose(id: string) {
    if (tab.value) chosen.value = { ...chosen.value, [tab.value.key]: id }
  }
  function turn(step: 1 | -1) {
    const t = tab.value
    const f = file.value
    if (!t || !f) return
    const to = page.value + step
    if (to >= 1 && to <= countOf(f)) pages.value = { ...pages.value, [f.id]: to }
    else {
      const other = t.files[t.files.indexOf(f) + step]
      if (!other) return
      choose(other.id)
      pages.value = { ...pages.value, [other.id]: step > 0 ? 1 : countOf(other) }
    }
  }
  const zoomBy = (step: 1 | -1) => (at.zoom = Math.min(3, Math.max(0.6, Math.round((at.zoom + step * 0.2) * 10) / 10)))

  const marks = computed<Mark[]>(() => {
    const f = filing()
    if (!f) return []
    const words = (field: string | null) => {
      const v = field ? atPointer(f.content, field) : null
      return typeof v === 'string' && v.length >= 2 && v.length < 60 ? v : null
    }
    const open = openChecks(f.checks, items()).filter((c) => c.field)
    return [
      ...items().map((i, n) => ({ id: i.id, n: n + 1, field: i.field, file: i.file_id, page: i.page, words: words(i.field) })),
      ...open.map((c) => ({ id: checkKey(c), n: null, field: c.field, file: null, page: null, words: words(c.field) })),
    ]
  })
  const marksOn = (f: TabFile) => marks.value.filter((m) => m.file === f.id || (m.file === null && m.words !== null))

  /** Shows the place of an item: its paper and page, or the row of the sheet. */
  function show(target: { id: string; field: string | null; file_id: string | null; page: number | null }) {
    lit.value = target.id
    const t = target.file_id ? tabOfFile(tabs.value, target.file_id) : target.field ? tabOfField(tabs.value, target.field) : undefined
    if (!t) return
    // A field that is written in the pleading is shown there, beside the sheet.
    at.tab = target.file_id ? t.key : target.field?.startsWith('/parties') && at.tab === 'pleading' ? 'pleading' : t.key
    if (!target.file_id) { at.right = 'sheet'; return }
    choose(target.file_id)
    if (target.page) pages.value = { ...pages.value, [target.file_id]: target.page }
  }
  /** ok: nothing open here · warn: an item or a failing check points here */
  function stateOf(t: Tab): 'ok' | 'warn' {
    const f = filing()
    const touches = (field: string | null, id: string | null) => (id ? t.files.some((x) => x.id === id) : field ? tabOfField(tabs.value, field)?.key === t.key : false)
    const bad = items().some((i) => touches(i.field, i.file_id)) || (f ? failing(f.checks).some((c) => touches(c.field, null)) : false)
    return bad ? 'warn' : 'ok'
  }
  return { tabs, at, tab, file, page, rightFile, countOf, counts, lit, marks, marksOn, openTab, choose, turn, zoomBy, show, stateOf }
}
export type Viewer = ReturnType<typeof useViewer>
