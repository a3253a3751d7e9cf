import { computed, onBeforeUnmount, reactive, ref, shallowRef } from 'vue'
import { api, asProblem, type ApiProblem, type PaperTemplateDetail, type TemplateFault } from '@/api'
import { loadUnsent, storeUnsent, TemplateDraft, type DraftState } from './draft'

/** The draft of one template on the screen: its text, where it stands, what does not set. */
export function useTemplateDraft(person: string, court: number, detail: PaperTemplateDetail) {
  const name = detail.template.name
  const held = detail.draft_source ?? detail.own_source ?? detail.house_source
  const unsent = loadUnsent(person, court, name)
  const text = ref(unsent && unsent.mine !== held ? unsent.mine : held)
  const saving = reactive<{ state: DraftState; at: string | null; error: unknown }>({ state: 'saved', at: null, error: null })
  const faults = shallowRef<TemplateFault[]>([])
  /** counts the sound saves: the preview is taken anew */
  const stamp = ref(0)
  const drafted = ref(detail.draft_source !== undefined)
  const theirs = shallowRef<PaperTemplateDetail | null>(null)
  const theirsError = shallowRef<unknown>(null)
  const draft = new TemplateDraft({
    read: () => text.value,
    send: (version, source) => api.templates.saveDraft(court, name, version, source),
    keep: (u) => storeUnsent(person, court, name, u ? { ...u, at: new Date().toISOString() } : null),
    sort: (error) => sortOf(asProblem(error)),
    changed: (state, more) => {
      saving.state = state
      saving.error = more.error ?? null
      if (more.check) {
        saving.at = new Date().toISOString()
        drafted.value = true
        faults.value = more.check.faults
        if (more.check.ok) stamp.value++
      }
      if (state === 'conflict') void look()
    },
    later: (act, ms) => {
      const timer = setTimeout(act, ms)
      return () => clearTimeout(timer)
    },
  }, held, detail.version)
  /** The other one's draft, as the court holds it now. */
  async function look() {
    theirs.value = null
    theirsError.value = null
    try {
      theirs.value = await api.templates.get(court, name)
    } catch (error) {
      theirsError.value = error
    }
  }
  const theirText = computed(() => (theirs.value ? (theirs.value.draft_source ?? theirs.value.own_source ?? theirs.value.house_source) : null))
  function type(next: string) {
    text.value = next
    draft.touch()
  }
  const keepMine = () => theirs.value && draft.keepMine(theirs.value.version)
  /** gives back how to have mine again */
  function takeTheirs(): (() => void) | null {
    const other = theirs.value
    if (!other || theirText.value === null) return null
    const mine = text.value
    text.value = theirText.value
    draft.takeTheirs(other.version, theirText.value)
    drafted.value = other.draft_source !== undefined
    faults.value = []
    stamp.value++
    return () => type(mine)
  }
  // what an earlier window could not send goes on, or is laid beside what came since
  if (text.value !== held) {
    if (unsent && unsent.version !== detail.version) {
      saving.state = 'conflict'
      draft.hold()
      void look()
    } else draft.touch()
  } else storeUnsent(person, court, name, null)
  const warn = (e: BeforeUnloadEvent) => { if (draft.dirty) e.preventDefault() }
  window.addEventListener('beforeunload', warn)
  onBeforeUnmount(() => {
    window.removeEventListener('beforeunload', warn)
    if (draft.dirty && !draft.conflict) void draft.flush()
    draft.close()
  })
  return { text, type, saving, faults, stamp, drafted, theirText, theirsError, look, keepMine, takeTheirs, flush: () => draft.flush(), behind: computed(() => ['waiting', 'saving', 'unreachable'].includes(saving.state)) }
}
function sortOf(p: ApiProblem): 'stale' | 'transient' | 'refused' {
  if (p.status === 412) return 'stale'
  return p.isTransient ? 'transient' : 'refused'
}
