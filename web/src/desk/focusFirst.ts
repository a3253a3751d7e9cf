import { nextTick, watch, type Ref } from 'vue'

/** A form in a dialog begins at its first field, not at the cross. */
export function useFocusFirst(open: Ref<boolean>): void {
  watch(open, async (on) => {
    if (!on) return
    await nextTick()
    // after the dialog's own focus
    setTimeout(() => {
      const first = document.querySelector<HTMLInputElement>('[role="dialog"] :is(input, textarea, select)')
      // of a row of radio buttons the chosen one has the focus, or the first while none is
      const chosen = first?.type === 'radio' ? first.form?.querySelector<HTMLInputElement>(`input[name="${CSS.escape(first.name)}"]:checked`) : null
      ;(chosen ?? first)?.focus()
    }, 30)
    // a dialog may be made at the moment it is opened
  }, { immediate: true })
}
