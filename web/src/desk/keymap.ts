/** Keys of the review desk. Pure: no DOM beyond the event's own fields. */
export const ACTIONS = [
  'next', 'previous', 'page_back', 'page_on', 'compare', 'zoom_in', 'zoom_out',
  'add', 'take', 'give_back', 'accept', 'refuse', 'transfer', 'skip', 'undo', 'search', 'help',
] as const
export type Action = (typeof ACTIONS)[number]
export type KeyMap = Record<Action, string>

export const DEFAULT_KEYS: KeyMap = {
  next: 'j', previous: 'k', page_back: 'ArrowLeft', page_on: 'ArrowRight', compare: 'v', zoom_in: '=', zoom_out: '-',
  add: 'a', take: 'c', give_back: 'b', accept: 'l', refuse: 'r', transfer: 't', skip: 's', undo: 'z', search: '/', help: '?',
}
/** 1–9 always choose a paper; they cannot be given to an action. */
const FIXED = /^[1-9]$/
/** Keys the browser or a screen reader needs. */
const RESERVED = new Set(['Tab', 'Enter', 'Escape', ' ', 'Shift', 'Control', 'Alt', 'Meta', 'ArrowUp', 'ArrowDown', 'Process', 'Dead', 'Unidentified'])

export interface KeyPress {
  key: string
  ctrlKey: boolean
  altKey: boolean
  metaKey: boolean
  isComposing?: boolean
  repeat?: boolean
}

/** Capital letters (caps lock, shift) and full-width punctuation of Chinese input methods mean the same key. */
export function plainKey(key: string): string {
  if (key === '？') return '?'
  if (key === '、' || key === '／') return '/'
  if (key === '+' || key === '＋') return '='
  return key.length === 1 ? key.toLowerCase() : key
}

/** The action of a key press, the number of a paper, or nothing. */
export function actionOf(press: KeyPress, keys: KeyMap): Action | number | null {
  if (press.ctrlKey || press.altKey || press.metaKey || press.isComposing) return null
  const key = plainKey(press.key)
  if (FIXED.test(key)) return Number(key)
  return ACTIONS.find((a) => keys[a] === key) ?? null
}

/** Single keys are off wherever a person writes or chooses. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false
  return target.closest('input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=""], [contenteditable=true]') !== null
}

export type Refusal = 'fixed' | 'reserved' | Action
/** Gives a key to an action; says why not when the key is taken. */
export function giveKey(keys: KeyMap, action: Action, pressed: string): { keys: KeyMap } | { refused: Refusal } {
  const key = plainKey(pressed)
  if (FIXED.test(key)) return { refused: 'fixed' }
  if (RESERVED.has(key) || /^F\d+$/.test(key)) return { refused: 'reserved' }
  const holder = ACTIONS.find((a) => a !== action && keys[a] === key)
  if (holder) return { refused: holder }
  return { keys: { ...keys, [action]: key } }
}

const place = (person: string) => `lianting.keys.${person}`
/** What was stored is only a wish: unknown actions, missing ones and doubles fall back to the default. */
export function loadKeys(person: string, storage: Pick<Storage, 'getItem'> = localStorage): KeyMap {
  let keys = { ...DEFAULT_KEYS }
  try {
    const got = JSON.parse(storage.getItem(place(person)) ?? '{}') as Record<string, unknown>
    const wished = { ...keys }
    for (const a of ACTIONS) if (typeof got[a] === 'string') wished[a] = got[a]
    if (new Set(Object.values(wished)).size === ACTIONS.length) keys = wished
  } catch {
    // storage switched off, or not ours
  }
  return keys
}
export function storeKeys(person: string, keys: KeyMap, storage: Pick<Storage, 'setItem'> = localStorage): void {
  try {
    storage.setItem(place(person), JSON.stringify(keys))
  } catch {
    // the choice then lasts as long as the page
  }
}

const SHOWN: Record<string, string> = { ArrowLeft: '←', ArrowRight: '→', ArrowUp: '↑', ArrowDown: '↓', '=': '+' }
export const showKey = (key: string): string => SHOWN[key] ?? (key.length === 1 ? key.toUpperCase() : key)
