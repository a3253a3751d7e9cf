import { nextTick, onMounted, watch, type Ref } from 'vue'

/** In a row that scrolls sideways, brings what is chosen before the eyes; the page itself stays where it is. */
export function useInView(row: Readonly<Ref<HTMLElement | null>>, chosen: string, when: () => unknown): void {
  async function show() {
    await nextTick()
    const box = row.value
    const one = box?.querySelector<HTMLElement>(chosen)
    if (!box || !one) return
    const [a, b] = [box.getBoundingClientRect(), one.getBoundingClientRect()]
    // what is whole before the eyes is left where it is
    if (b.left >= a.left && b.right <= a.right) return
    box.scrollLeft += b.left - a.left - (a.width - b.width) / 2
  }
  onMounted(show)
  watch([row, when], show)
}
