import { nextTick } from 'vue'

/** Brings the first field at fault before the eyes, and the keyboard into it. */
export async function toFirstFault(): Promise<void> {
  await nextTick()
  const field = document.querySelector('[data-field-error]')?.closest('.field')
  field?.scrollIntoView({ block: 'center' })
  field?.querySelector<HTMLElement>('input, select, textarea')?.focus({ preventScroll: true })
}
