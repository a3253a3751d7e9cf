/** Marks on a page of evidence: thousandths of the page, so that every screen shows them at the same place. Pure. */
import type { MarkOnPage } from '../types'

export const MOST_MARKS = 40
const MOST_POINTS = 400
export interface Rect {
  left: number
  top: number
  width: number
  height: number
}
const within = (n: number) => Math.min(1000, Math.max(0, Math.round(n)))
/** Where a pointer is on the page, whatever its size on this screen. */
export function pointOf(x: number, y: number, page: Rect): [number, number] {
  if (page.width <= 0 || page.height <= 0) return [0, 0]
  return [within(((x - page.left) / page.width) * 1000), within(((y - page.top) / page.height) * 1000)]
}
/** A stroke without the points that say nothing, bounded. */
export function thinned(points: [number, number][], least = 3): [number, number][] {
  const out: [number, number][] = []
  for (const p of points) {
    const last = out[out.length - 1]
    if (!last || Math.hypot(p[0] - last[0], p[1] - last[1]) >= least) out.push(p)
  }
  const end = points[points.length - 1]
  if (end && out[out.length - 1] !== end && out.length > 1) out[out.length - 1] = end
  if (out.length <= MOST_POINTS) return out
  const step = (out.length - 1) / (MOST_POINTS - 1)
  return Array.from({ length: MOST_POINTS }, (_, i) => out[Math.round(i * step)] ?? out[out.length - 1] ?? [0, 0])
}
/** Two corners in any order → left top and right bottom; null where nothing was drawn. */
export function boxOf(a: [number, number], b: [number, number]): [[number, number], [number, number]] | null {
  const [x0, x1] = [Math.min(a[0], b[0]), Math.max(a[0], b[0])]
  const [y0, y1] = [Math.min(a[1], b[1]), Math.max(a[1], b[1])]
  return x1 - x0 < 5 || y1 - y0 < 5 ? null : [[x0, y0], [x1, y1]]
}
/** One more mark; the oldest goes when there are too many. A pointer is one at a time. */
export function withMark(marks: MarkOnPage[], mark: MarkOnPage): MarkOnPage[] {
  const rest = mark.kind === 'point' ? marks.filter((m) => m.kind !== 'point') : marks
  return [...rest, mark].slice(-MOST_MARKS)
}
export const undone = (marks: MarkOnPage[], page: number): MarkOnPage[] => {
  const at = marks.map((m) => m.page === page && m.kind !== 'point').lastIndexOf(true)
  return at < 0 ? marks : marks.filter((_, i) => i !== at)
}
/** SVG path of a stroke. */
export const pathOf = (m: MarkOnPage) => m.points.map(([x, y], i) => `${i ? 'L' : 'M'}${x} ${y}`).join('')
