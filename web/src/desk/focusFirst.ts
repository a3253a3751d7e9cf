import { nextTick, watch, type Ref } from 'vue'

/** A form in a dialog begins at its first field, not at the cross. */
export function useFocusFirst(open: Ref<boolean>): void {
  watch(open, async (on) => {
    if (!on) return
    await nextTick()
    // after the dialog's own focus
    setTimeout(() => document.querySelector<HTMLElement>('[role="dialog"] :is(input:checked, input:not([type=radio]), textarea, select)')?.focus(), 30)
  })
}
