/**
 * Strokes of a signature: each flat [x, y, t, x, y, t …] in whole numbers; the box is 10,000 wide, and as high at the same
 * scale; t in ms since the first point. Bounded as the court's door bounds them. Pure.
 */
export const WIDE = 10_000
export const MOST_POINTS = 20_000
export const MOST_STROKES = 400

export class Strokes {
  readonly strokes: number[][] = []
  #began: number | null = null
  #points = 0
  #open = false
  full = false

  begin(x: number, y: number, at: number): boolean {
    if (this.strokes.length >= MOST_STROKES || this.#points >= MOST_POINTS) {
      this.full = true
      return false
    }
    this.#began ??= at
    this.strokes.push([])
    this.#open = true
    return this.#put(x, y, at)
  }
  move(x: number, y: number, at: number): boolean {
    return this.#open && this.#put(x, y, at)
  }
  /** A touch that drew nothing is a dot of two points. */
  end(at: number) {
    const s = this.strokes[this.strokes.length - 1]
    if (this.#open && s && s.length === 3) {
      s.push(s[0] ?? 0, s[1] ?? 0, Math.max(0, Math.round(at - (this.#began ?? at))))
      this.#points++
    }
    this.#open = false
  }
  undo() {
    const s = this.strokes.pop()
    this.#points -= (s?.length ?? 0) / 3
    this.full = false
    if (!this.strokes.length) this.#began = null
  }
  clear() {
    this.strokes.length = 0
    this.#points = 0
    this.#began = null
    this.#open = false
    this.full = false
  }
  get points() {
    return this.#points
  }
  /** Enough to be somebody's hand: more than a slip of the finger. */
  get enough() {
    return this.#points >= 8 && this.spread >= WIDE / 12
  }
  /** The longer side of what is drawn. */
  get spread() {
    let [x0, x1, y0, y1] = [WIDE, 0, WIDE, 0]
    for (const s of this.strokes)
      for (let i = 0; i < s.length; i += 3) {
        x0 = Math.min(x0, s[i] ?? 0)
        x1 = Math.max(x1, s[i] ?? 0)
        y0 = Math.min(y0, s[i + 1] ?? 0)
        y1 = Math.max(y1, s[i + 1] ?? 0)
      }
    return Math.max(0, x1 - x0, y1 - y0)
  }
  #put(x: number, y: number, at: number): boolean {
    const s = this.strokes[this.strokes.length - 1]
    if (!s) return false
    if (this.#points >= MOST_POINTS) {
      this.full = true
      return false
    }
    const [px, py] = [clip(x), clip(y)]
    const n = s.length
    if (n && s[n - 3] === px && s[n - 2] === py) return true
    s.push(px, py, Math.max(0, Math.round(at - (this.#began ?? at))))
    this.#points++
    return true
  }
}
const clip = (n: number) => Math.min(WIDE, Math.max(0, Math.round(n)))
/** A pointer in the box → our numbers. The box is as wide as WIDE; its height follows at the same scale. */
export function placeIn(x: number, y: number, box: { left: number; top: number; width: number }): [number, number] {
  const scale = WIDE / Math.max(1, box.width)
  return [(x - box.left) * scale, (y - box.top) * scale]
}
