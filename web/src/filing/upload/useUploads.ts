import { computed, inject, onScopeDispose, reactive, ref, watch, type InjectionKey } from 'vue'
import { api, asProblem, newKey } from '@/api'
import type { DraftFile, Uuid } from '@/api/types'
import { useOnline } from '@/lib/online'
import type { DraftDesk } from '../model/useDraft'
import { rowId } from '../model/ids'
import { UploadQueue, type Kept, type Target, type Task } from './queue'

export type UploadTask = Task<DraftFile>
/** Pictures that become the pages of one PDF. */
export interface Bundle {
  id: string
  name: string
  target: Target
  /** in page order */
  tasks: string[]
  files: Record<string, Uuid>
  joining: boolean
  error: unknown
  key: Uuid
}
const LEDGER = 'lianting.uploads.'
const BUNDLES = 'lianting.bundles.'

function read<T>(key: string): T | null {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null') as T | null
  } catch {
    return null
  }
}
function write(key: string, value: unknown): void {
  try {
    if (value) localStorage.setItem(key, JSON.stringify(value))
    else localStorage.removeItem(key)
  } catch {
    // without storage an upload lasts as long as the page
  }
}

export type UploadDesk = ReturnType<typeof openUploads>
export const uploadsKey: InjectionKey<UploadDesk> = Symbol('uploads')
export function useUploads(): UploadDesk {
  const desk = inject(uploadsKey)
  if (!desk) throw new Error('useUploads outside a wizard')
  return desk
}

export function openUploads(desk: DraftDesk) {
  const { online } = useOnline()
  const tasks = reactive<UploadTask[]>([]) as UploadTask[]
  const bundles = ref<Bundle[]>([])
  /** the same key for the same file until its upload has begun: a repeated start opens one upload, a file taken out and chosen again another */
  const keys = new Map<string, Uuid>()
  const keyOf = (name: string) => keys.get(name) ?? (keys.set(name, newKey()), keys.get(name) as Uuid)

  const queue = new UploadQueue<DraftFile>(
    {
      start: async (f) => {
        const name = `${f.name}${f.size}${f.last_modified}`
        const begun = await api.drafts.startUpload(desk.id, f, keyOf(name))
        keys.delete(name)
        return begun
      },
      get: (u) => api.uploads.get(u),
      put: (u, n, part, signal) => api.uploads.putPart(u, n, part, signal),
      complete: (u) => api.uploads.complete(u),
      cancel: (u) => api.uploads.cancel(u),
      sort: (error) => {
        const p = asProblem(error)
        if (p.status === 404 || p.status === 410) return 'gone'
        // The sign-in dialog was closed: asking again every second would help nobody.
        if (p.status === 401) return 'hold'
        if (p.isTransient || p.status === 429 || p.status >= 500) return 'transient'
        return 'refused'
      },
      online: () => navigator.onLine,
      keep: (list) => write(LEDGER + desk.id, list.length ? list : null),
      finished: (task) => task.done && settle(task, task.done),
      wait: (ms) => new Promise((r) => setTimeout(r, ms)),
      now: () => performance.now(),
      id: () => rowId('u'),
    },
    tasks,
  )

  function settle(task: UploadTask, file: DraftFile) {
    keys.delete(`${task.name}${task.size}${task.lastModified}`)
    const bundle = bundles.value.find((b) => b.id === task.target.bundle)
    if (file.state === 'rejected') {
      task.state = 'rejected'
      task.error = file.problem ?? null
      return
    }
    if (!desk.files.value.some((f) => f.id === file.id)) desk.files.value.push(file)
    if (bundle) {
      bundle.files[task.id] = file.id
      void join(bundle)
      return
    }
    place(file, task.target, task.name)
    void queue.remove(task.id)
  }
  async function join(bundle: Bundle) {
    if (bundle.joining || bundle.tasks.some((id) => !bundle.files[id])) return
    bundle.joining = true
    bundle.error = null
    const ids = bundle.tasks.map((id) => bundle.files[id] as Uuid)
    try {
      const made = await api.drafts.photos(desk.id, { file_ids: ids, name: bundle.name }, bundle.key)
      desk.files.value = [...desk.files.value.filter((f) => !ids.includes(f.id)), made]
      place(made, bundle.target, bundle.name)
      for (const id of bundle.tasks) void queue.remove(id)
      bundles.value = bundles.value.filter((b) => b.id !== bundle.id)
    } catch (error) {
      bundle.error = error
      bundle.joining = false
    }
  }
  /** Writes the accepted file into the row it was meant for, or makes a new piece of evidence. */
  function place(file: DraftFile, target: Target, name: string) {
    const c = desk.content
    if (target.paper !== undefined) {
      const [kind, party] = target.paper.split(':') as [NonNullable<typeof c.papers>[number]['kind'], string]
      c.papers ??= []
      const had = c.papers.find((p) => p.kind === kind && (p.party_id ?? '') === (party ?? ''))
      if (had) had.file_ids.push(file.id)
      else c.papers.push({ id: rowId('pp'), kind, ...(party ? { party_id: party } : {}), file_ids: [file.id] })
      return
    }
    c.evidence ??= []
    const row = c.evidence.find((e) => e.id === target.evidence)
    if (row) {
      row.file_ids.push(file.id)
      return
    }
    c.evidence.push({ id: rowId('e'), name: name.replace(/\.[^.]{1,5}$/, ''), kind: kindOf(file.media_type), file_ids: [file.id] })
  }
  const kindOf = (media: string) => (/^(audio|video)\//.test(media) ? 'audio_visual' as const : 'documentary' as const)

  function addFiles(list: File[], target: Target = {}) {
    for (const f of list) queue.add(f, target)
  }
  /** Several pictures, one paper. */
  function addBundle(list: File[], name: string, target: Target = {}) {
    const id = rowId('b')
    bundles.value.push({ id, name, target, tasks: [], files: {}, joining: false, error: null, key: newKey() })
    const bundle = bundles.value.find((b) => b.id === id)
    // Nothing settles before this turn ends, so the list is whole when the first page arrives.
    if (bundle) bundle.tasks = list.map((f) => queue.add(f, { ...target, bundle: id }).id)
  }
  function dropBundle(id: string) {
    const b = bundles.value.find((x) => x.id === id)
    for (const task of b?.tasks ?? []) void queue.remove(task)
    bundles.value = bundles.value.filter((x) => x.id !== id)
  }
  const retryBundle = (id: string) => {
    const b = bundles.value.find((x) => x.id === id)
    if (b) void join(b)
  }
  async function removeFile(file: Uuid) {
    for (const row of [...(desk.content.evidence ?? []), ...(desk.content.papers ?? [])]) row.file_ids = row.file_ids.filter((x) => x !== file)
    desk.files.value = desk.files.value.filter((f) => f.id !== file)
    await desk.flush()
    await api.drafts.removeFile(desk.id, file).catch(() => undefined)
  }

  watch(online, (on) => on && queue.wake())
  watch(bundles, (list) => write(BUNDLES + desk.id, list.length ? list : null), { deep: true })
  void restore()
  /** Goes on with what an earlier visit began: single files, and pictures whose paper is not yet made. */
  async function restore() {
    const kept = read<Kept[]>(LEDGER + desk.id) ?? []
    const begun = read<Bundle[]>(BUNDLES + desk.id) ?? []
    bundles.value = begun.map((b) => ({ ...b, joining: false, error: null }))
    await queue.restore(kept.map((k) => (begun.some((b) => b.id === k.target.bundle) ? k : { ...k, target: { ...k.target, bundle: undefined } })))
    for (const b of bundles.value) {
      // A page the court no longer waits for is left out; the others still make the paper.
      b.tasks = b.tasks.filter((id) => b.files[id] || tasks.some((x) => x.id === id))
      if (b.tasks.length) void join(b)
    }
    bundles.value = bundles.value.filter((b) => b.tasks.length)
  }
  /** Bytes on their way would stop with the page; everything else is kept. */
  const guard = (event: BeforeUnloadEvent) => {
    if (tasks.some((x) => ['sending', 'waiting', 'settling'].includes(x.state))) event.preventDefault()
  }
  window.addEventListener('beforeunload', guard)
  onScopeDispose(() => {
    window.removeEventListener('beforeunload', guard)
    queue.stopAll()
  })

  /** Received, but in no list: the page closed between the two. A correction brings files of its own. */
  const loose = computed(() => {
    if (desk.corrects) return []
    const used = new Set([...(desk.content.evidence ?? []), ...(desk.content.papers ?? [])].flatMap((r) => r.file_ids))
    const bound = new Set(bundles.value.flatMap((b) => Object.values(b.files)))
    return desk.files.value.filter((f) => f.state !== 'rejected' && !used.has(f.id) && !bound.has(f.id))
  })
  const placeLoose = () => {
    for (const f of [...loose.value]) place(f, {}, f.name)
  }

  const busy = computed(() => tasks.some((t) => !['done', 'rejected', 'needs_file', 'paused'].includes(t.state)))
  const open = computed(() => tasks.filter((t) => t.state === 'rejected' || t.state === 'needs_file'))
  return { tasks, bundles, queue, busy, open, loose, placeLoose, addFiles, addBundle, dropBundle, retryBundle, removeFile }
}
