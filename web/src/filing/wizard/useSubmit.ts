import { computed, ref } from 'vue'
import { api, asProblem, newKey } from '@/api'
import type { CheckItem, FilingReceipt, Uuid } from '@/api/types'
import { findingKey } from '../model/open-items'
import { forgetUnsent } from '../model/unsent'
import type { DraftDesk } from '../model/useDraft'
import type { UploadDesk } from '../upload/useUploads'

/** Sending, once. The key is kept with the draft, so that a lost answer does not make a second filing. */
const KEY = 'lianting.submit.'
interface KeptKey {
  body: string
  key: Uuid
}
function keyFor(draft: Uuid, body: string): Uuid {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY + draft) ?? 'null') as KeptKey | null
    if (kept?.body === body) return kept.key
    const made = { body, key: newKey() }
    localStorage.setItem(KEY + draft, JSON.stringify(made))
    return made.key
  } catch {
    return newKey()
  }
}
const dropKey = (draft: Uuid) => {
  try {
    localStorage.removeItem(KEY + draft)
  } catch {
    // nothing kept
  }
}

export function useSubmit(desk: DraftDesk, uploads: UploadDesk) {
  const anyway = ref(new Set<string>())
  const busy = ref(false)
  const error = ref<unknown>(null)
  const found = computed(() => desk.report.value?.items ?? [])
  const blocks = computed(() => found.value.filter((i) => i.level === 'block'))
  const warns = computed(() => found.value.filter((i) => i.level === 'warn'))
  const infos = computed(() => found.value.filter((i) => i.level === 'info'))
  /** the statement is asked for on the page itself */
  const isStatement = (i: CheckItem) => i.field === '/statement' || (i.field ?? '').startsWith('/statement/')
  const settled = (i: CheckItem) =>
    i.level === 'info' || (i.level === 'warn' ? desk.confirmed.value.has(findingKey(i)) : i.way_on && anyway.value.has(findingKey(i)))
  const open = computed(() => [...blocks.value, ...warns.value].filter((i) => !isStatement(i) && !settled(i)))
  const unfinished = computed(() => uploads.tasks.filter((t) => t.state !== 'done').length)
  const accepted = computed(() => desk.content.statement?.accepted === true)
  const left = computed(() => open.value.length + (unfinished.value ? 1 : 0) + (accepted.value ? 0 : 1))

  function sendAnyway(findings: CheckItem[], yes: boolean) {
    const next = new Set(anyway.value)
    for (const key of findings.map(findingKey)) {
      if (yes) next.add(key)
      else next.delete(key)
    }
    anyway.value = next
  }

  async function submit(): Promise<FilingReceipt | null> {
    busy.value = true
    error.value = null
    try {
      if (!(await desk.flush())) {
        error.value = desk.saving.error
        return null
      }
      const report = await desk.checkNow()
      if (!report) {
        error.value = desk.checkError.value
        return null
      }
      if (open.value.length) return null
      // The court is told rules; nothing is open here, so every finding of each was seen.
      const ids = (level: CheckItem['level']) => [...new Set(report.items.filter((i) => i.level === level && settled(i)).map((i) => i.id))].sort()
      const body = { confirmed: ids('warn'), send_anyway: ids('block') }
      const receipt = await api.drafts.submit(desk.id, body, keyFor(desk.id, JSON.stringify(body)))
      dropKey(desk.id)
      desk.close()
      forgetUnsent(desk.id)
      return receipt
    } catch (e) {
      // A clear no ends the intention; a lost answer keeps its key.
      if (!asProblem(e).isTransient) dropKey(desk.id)
      error.value = e
      return null
    } finally {
      busy.value = false
    }
  }
  return { anyway, sendAnyway, busy, error, blocks, warns, infos, open, unfinished, accepted, left, settled, isStatement, submit }
}
export type SubmitDesk = ReturnType<typeof useSubmit>
