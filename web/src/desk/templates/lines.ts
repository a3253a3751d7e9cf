import type { ApiProblem, TemplateFault } from '@/api'

/** Lines of sources: what differs between two, where a fault stands, how far a line is set in. Pure. */
export interface DiffLine {
  kind: 'same' | 'left' | 'right'
  text: string
  /** 1-based line on each side, where it stands there */
  left?: number
  right?: number
}
/** Beyond this the middle is told as replaced whole: counting every pair would take the page's breath away. */
const MOST_CELLS = 4_000_000

/** Longest common subsequence of the middle, after what both begin and end with. */
export function lineDiff(leftText: string, rightText: string): DiffLine[] {
  const a = leftText.split('\n')
  const b = rightText.split('\n')
  let head = 0
  while (head < a.length && head < b.length && a[head] === b[head]) head++
  let tail = 0
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++
  const same = (i: number, j: number): DiffLine => ({ kind: 'same', text: a[i] ?? '', left: i + 1, right: j + 1 })
  const out: DiffLine[] = []
  for (let i = 0; i < head; i++) out.push(same(i, i))
  out.push(...middle(a.slice(head, a.length - tail), b.slice(head, b.length - tail), head))
  for (let i = tail; i > 0; i--) out.push(same(a.length - i, b.length - i))
  return out
}
function middle(a: string[], b: string[], from: number): DiffLine[] {
  const gone = (i: number): DiffLine => ({ kind: 'left', text: a[i] ?? '', left: from + i + 1 })
  const come = (j: number): DiffLine => ({ kind: 'right', text: b[j] ?? '', right: from + j + 1 })
  if (!a.length || !b.length || a.length * b.length > MOST_CELLS) return [...a.map((_, i) => gone(i)), ...b.map((_, j) => come(j))]
  const wide = b.length + 1
  const length = new Uint32Array((a.length + 1) * wide)
  const at = (i: number, j: number) => length[i * wide + j] ?? 0
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--) length[i * wide + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  const out: DiffLine[] = []
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      out.push({ kind: 'same', text: a[i] ?? '', left: from + i + 1, right: from + j + 1 })
      i++
      j++
    } else if (i < a.length && (j >= b.length || at(i + 1, j) >= at(i, j + 1))) out.push(gone(i++))
    else out.push(come(j++))
  }
  return out
}
/** Only what differs, with a few lines around it; a gap says how many were left out. */
export function onlyChanges(lines: DiffLine[], around = 3): (DiffLine | { kind: 'gap'; n: number })[] {
  const near = new Set<number>()
  lines.forEach((l, i) => {
    if (l.kind !== 'same') for (let k = i - around; k <= i + around; k++) near.add(k)
  })
  const out: (DiffLine | { kind: 'gap'; n: number })[] = []
  lines.forEach((l, i) => {
    if (near.has(i)) return void out.push(l)
    const last = out[out.length - 1]
    if (last?.kind === 'gap') last.n++
    else out.push({ kind: 'gap', n: 1 })
  })
  return out
}

/** Where a line begins in the text; what lies outside it is brought to its edge. */
export function offsetOf(text: string, line: number): number {
  const lines = text.split('\n')
  const row = Math.min(Math.max(1, line), lines.length)
  return lines.slice(0, row - 1).reduce((n, l) => n + l.length + 1, 0)
}
/** The blanks a new line begins with, as the line before did. */
export function indentAt(text: string, offset: number): string {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset)
  return /^[ \t]*/.exec(line)?.[0] ?? ''
}
/** The place a refused preview or publication names; its sentence begins with the line. */
export function faultsOf(problem: Pick<ApiProblem, 'problem'>): TemplateFault[] {
  const { code, detail_en } = problem.problem
  if (code !== 'template.faulty') return []
  const [, line, message] = /^Line (\d+): ([^]*)$/.exec(detail_en) ?? []
  return [{ line: Number(line ?? 1), message: message ?? detail_en }]
}
