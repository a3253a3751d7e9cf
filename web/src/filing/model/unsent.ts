import type { Unsent } from './autosave'

/** Unsent changes stay in this device, one entry per draft and window. */
const PREFIX = 'lianting.unsent.'

function windowId(): string {
  try {
    const kept = sessionStorage.getItem('lianting.window')
    if (kept) return kept
    const made = Math.random().toString(36).slice(2, 10)
    sessionStorage.setItem('lianting.window', made)
    return made
  } catch {
    return 'only'
  }
}
const mineKey = (draft: string) => `${PREFIX}${draft}.${windowId()}`

export function keepUnsent(draft: string, unsent: Unsent | null): void {
  try {
    if (unsent) localStorage.setItem(mineKey(draft), JSON.stringify(unsent))
    else localStorage.removeItem(mineKey(draft))
  } catch {
    // storage full or off: the page itself still holds the text
  }
}

/** Everything earlier windows could not send; each is given once. */
export function takeUnsent(draft: string): Unsent[] {
  const found: Unsent[] = []
  try {
    for (const key of Object.keys(localStorage).filter((k) => k.startsWith(`${PREFIX}${draft}.`))) {
      found.push(JSON.parse(localStorage.getItem(key) ?? '') as Unsent)
      localStorage.removeItem(key)
    }
  } catch {
    // unreadable entries help nobody
  }
  return found
}

export function hasUnsent(draft: string): boolean {
  try {
    return Object.keys(localStorage).some((k) => k.startsWith(`${PREFIX}${draft}.`))
  } catch {
    return false
  }
}

export function forgetUnsent(draft: string): void {
  takeUnsent(draft)
}
