import { reactive } from 'vue'

export interface Toast {
  id: number
  text: string
  undo?: () => void
  left: number
}
export const toasts = reactive<Toast[]>([])
let last = 0

/** One dark line; with `undo` it stays at least 8 s and counts down. Never the only place of information. */
export function toast(text: string, options: { undo?: () => void; seconds?: number } = {}): number {
  const entry: Toast = reactive({ id: ++last, text, undo: options.undo, left: Math.max(options.undo ? 8 : 5, options.seconds ?? 0) })
  toasts.push(entry)
  const timer = setInterval(() => {
    entry.left -= 1
    if (entry.left <= 0) {
      clearInterval(timer)
      dismiss(entry.id)
    }
  }, 1000)
  return entry.id
}
export function dismiss(id: number): void {
  const at = toasts.findIndex((x) => x.id === id)
  if (at >= 0) toasts.splice(at, 1)
}
