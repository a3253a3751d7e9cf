import type { Act, Folder, FolderName, Volume } from '@/api/types'

/** The file as it lies on the shelf: the open volume, and the closed one where the person may read it. */
export function volumes(folders: readonly Folder[], maySecret: boolean): { main: Folder[]; secret: Folder[] } {
  const of = (v: Volume) => folders.filter((f) => f.volume === v && f.leaves.length)
  return { main: of('main'), secret: maySecret ? of('secret') : [] }
}

/** The folders of one volume, to choose from. */
export function foldersOf(folders: readonly FolderName[], volume: Volume): { value: string; label: string }[] {
  return folders.filter((f) => f.volume === volume).map((f) => ({ value: String(f.n), label: `${f.n} ${f.title}` }))
}

/** A file's own name without its ending is a title to begin with. */
export function titleOf(name: string): string {
  return name.replace(/\.[0-9A-Za-z]{1,5}$/, '').trim().slice(0, 200)
}

/** Several files under one title are told apart by a number. */
export function leafTitles(title: string, names: readonly string[]): string[] {
  const own = title.trim()
  if (!own) return names.map(titleOf)
  return names.length < 2 ? names.map(() => own) : names.map((_, i) => `${own}（${i + 1}）`)
}

/** What an entry tells the party about their rights is not said to the court's own people. */
export function forCourt(acts: readonly Act[]): Act[] {
  return acts.map((a) => (/您|\byour?\b/i.test(`${a.effect ?? ''} ${a.effect_en ?? ''}`) ? { ...a, effect: undefined, effect_en: undefined } : a))
}
