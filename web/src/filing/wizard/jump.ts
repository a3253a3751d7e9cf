import { nextTick } from 'vue'

/** Shows the field of a pointer: exact, else the closest place above it; then focus. */
export async function jumpTo(field: string): Promise<boolean> {
  // Cards unfold first; two ticks and a frame until their fields exist.
  await nextTick()
  await nextTick()
  await new Promise((r) => requestAnimationFrame(() => r(null)))
  const marked = [...document.querySelectorAll<HTMLElement>('[data-field]')]
  let best: HTMLElement | undefined
  for (const el of marked) {
    const at = el.dataset.field ?? ''
    if (field !== at && !field.startsWith(`${at}/`)) continue
    if (!best || at.length > (best.dataset.field ?? '').length) best = el
  }
  if (!best) return false
  best.scrollIntoView({ block: 'center' })
  const control = best.matches('input,button,select,textarea,a') ? best : best.querySelector<HTMLElement>('input:not([type=file]),textarea,select,button,a')
  control?.focus({ preventScroll: true })
  return true
}
