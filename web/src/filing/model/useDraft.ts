import { computed, inject, nextTick, onScopeDispose, reactive, ref, shallowRef, watch, type InjectionKey } from 'vue'
import { ApiProblem, api, asProblem } from '@/api'
import type { CheckItem, CheckReport, Draft, DraftContent, DraftFile, Form } from '@/api/types'
import { useOnline } from '@/lib/online'
import type { FormSchema } from '../form/schema'
import { Autosave, type SaveState } from './autosave'
import { useTwin } from './twin'
import { applyPatch, diff, merge3, prune, reconcile, type JsonObject } from './json'
import { findingKey, joinItems, localItems, stillTrue } from './open-items'
import { keepUnsent, takeUnsent } from './unsent'

/** The draft on the table: content, its saving, its files, and what is still open. One per wizard. */
export type DraftDesk = ReturnType<typeof openDraft>
export const draftKey: InjectionKey<DraftDesk> = Symbol('draft')

export function useDraft(): DraftDesk {
  const desk = inject(draftKey)
  if (!desk) throw new Error('useDraft outside a wizard')
  return desk
}

const CONFIRMED = 'lianting.confirmed.'
const readConfirmed = (id: string): string[] => {
  try {
    return JSON.parse(localStorage.getItem(CONFIRMED + id) ?? '[]') as string[]
  } catch {
    return []
  }
}

export function openDraft(draft: Draft) {
  const { online } = useOnline()
  const started = prune(draft.content as unknown as JsonObject) as JsonObject
  let shown = started
  // What earlier windows could not send comes first onto the screen, then to the court.
  let sent = false
  for (const left of takeUnsent(draft.id)) {
    sent ||= Boolean(left.sent) && left.version === draft.version
    shown = left.version === draft.version
      ? (applyPatch(shown, diff(left.base, left.mine)) as JsonObject)
      : (merge3(left.base, left.mine, shown) as JsonObject)
  }
  const content = reactive(JSON.parse(JSON.stringify(shown)) as DraftContent)
  const files = ref<DraftFile[]>([...draft.files])
  const saving = reactive({ state: 'saved' as SaveState, at: draft.updated_at, error: null as unknown, merged: false })
  const form = shallowRef<Form | null>(null)
  const report = ref<CheckReport | null>(null)
  /** the content the court held when the report was asked for */
  const looked = shallowRef<JsonObject>({})
  const checking = ref(false)
  const checkError = ref<unknown>(null)
  const confirmed = ref(new Set(readConfirmed(draft.id)))
  /** pointer of the field to show; cards that hold it unfold themselves */
  const target = ref('')
  /** the person asked to go on: what is empty is now marked at its field */
  const strict = ref(false)
  const now = () => prune(content as unknown as JsonObject) as JsonObject

  const twin = useTwin(draft.id, () => void reload())
  const autosave = new Autosave(
    {
      read: now,
      send: (version, patch) => api.drafts.patch(draft.id, version, patch),
      fetch: async () => {
        const got = await api.drafts.get(draft.id)
        files.value = got.files
        return { version: got.version, content: prune(got.content as unknown as JsonObject) as JsonObject }
      },
      adopt: (both) => reconcile(content as unknown as JsonObject, both),
      keep: (unsent) => keepUnsent(draft.id, unsent),
      sort: (error) => {
        const p = asProblem(error)
        if (p.code === 'version.stale' || p.status === 412) return 'stale'
        return p.isTransient || p.status === 429 || p.status >= 500 ? 'transient' : 'refused'
      },
      changed: (state, more) => {
        saving.state = state
        if (more.at) {
          saving.at = more.at
          twin.tell()
          checkSoon()
        }
        saving.error = more.error ?? null
        if (more.merged) saving.merged = true
      },
    },
    started,
    draft.version,
  )

  /** Another window saved. With nothing unsent here its content is simply taken. */
  async function reload() {
    if (autosave.dirty) return void autosave.flush()
    const got = await api.drafts.get(draft.id).catch(() => null)
    if (!got) return
    const theirs = prune(got.content as unknown as JsonObject) as JsonObject
    // saved here meanwhile: what was asked for is older than what stands on the screen
    if (!autosave.rebase(theirs, got.version)) return
    reconcile(content as unknown as JsonObject, theirs)
    files.value = got.files
  }

  let checkTimer: ReturnType<typeof setTimeout> | undefined
  function checkSoon() {
    clearTimeout(checkTimer)
    checkTimer = setTimeout(() => void checkNow(), 600)
  }
  async function checkNow(): Promise<CheckReport | null> {
    checking.value = true
    // The court looks at what it holds, not at what is being typed: its findings are true of that alone.
    const asked = autosave.held
    try {
      report.value = await api.drafts.check(draft.id)
      looked.value = asked
      checkError.value = null
    } catch (error) {
      checkError.value = error instanceof ApiProblem ? error : asProblem(error)
    } finally {
      checking.value = false
    }
    return report.value
  }
  function confirm(findings: CheckItem[], yes: boolean) {
    const next = new Set(confirmed.value)
    for (const key of findings.map(findingKey)) {
      if (yes) next.add(key)
      else next.delete(key)
    }
    confirmed.value = next
    try {
      localStorage.setItem(CONFIRMED + draft.id, JSON.stringify([...next]))
    } catch {
      // lasts as long as the page
    }
  }

  watch(content, () => autosave.touch(), { deep: true })
  watch(online, (on) => on && autosave.dirty && void autosave.flush())
  watch(
    () => [content.elements?.form, content.elements?.edition] as const,
    async ([id, edition]) => {
      if (!id) return void (form.value = null)
      if (form.value?.id === id) return
      form.value = await api.form(id, edition).catch(() => null)
    },
    { immediate: true },
  )
  if (autosave.dirty) void (sent ? autosave.resume() : autosave.flush())
  void checkNow()

  const leave = () => autosave.touch()
  window.addEventListener('pagehide', leave)
  onScopeDispose(() => {
    window.removeEventListener('pagehide', leave)
    clearTimeout(checkTimer)
    if (autosave.dirty) void autosave.flush()
    autosave.close()
  })

  /** Unfolds the card of a pointer without moving the page. */
  async function unfold(at: string) {
    target.value = at
    await nextTick()
    await nextTick()
    target.value = ''
  }
  const schema = computed(() => (form.value?.schema as FormSchema | undefined) ?? null)
  const items = computed(() => joinItems(localItems(content, schema.value), stillTrue(report.value?.items ?? [], looked.value, content as unknown as JsonObject), confirmed.value))
  return {
    id: draft.id, corrects: draft.corrects, content, files, saving, twin: twin.open, form, schema, formFailed: computed(() => Boolean(content.elements?.form) && form.value === null),
    report, checking, checkError, checkNow, confirmed, confirm, items, target, strict, unfold,
    flush: () => autosave.flush(),
    isDirty: () => autosave.dirty,
    close: () => autosave.close(),
  }
}
