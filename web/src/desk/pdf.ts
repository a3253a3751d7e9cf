import type { PDFDocumentProxy } from 'pdfjs-dist'
import workerUrl from 'pdfjs-dist/legacy/build/pdf.worker.min.mjs?url'

export type { PDFDocumentProxy } from 'pdfjs-dist'

const KEPT = 8
const open = new Map<string, Promise<PDFDocumentProxy>>()

/** A paper by its address; the last few stay open so that turning back is instant. */
export function openPdf(url: string): Promise<PDFDocumentProxy> {
  const known = open.get(url)
  if (known) {
    open.delete(url)
    open.set(url, known)
    return known
  }
  const doc = (async () => {
    const [pdfjs, { PDF_DATA }] = await Promise.all([import('pdfjs-dist/legacy/build/pdf.mjs'), import('@/lib/pdfData')])
    pdfjs.GlobalWorkerOptions.workerSrc = workerUrl
    return pdfjs.getDocument({ url, ...PDF_DATA, isEvalSupported: false, verbosity: 0 }).promise
  })()
  open.set(url, doc)
  doc.catch(() => open.delete(url))
  for (const old of [...open.keys()].slice(0, -KEPT)) {
    void open.get(old)?.then((d) => d.destroy()).catch(() => undefined)
    open.delete(old)
  }
  return doc
}

/** A piece of text on a page: where it stands, in PDF units, origin bottom left. */
export interface Piece {
  str: string
  x: number
  y: number
  width: number
  height: number
}
export interface Box {
  x: number
  y: number
  width: number
  height: number
}
const bare = (s: string) => s.replace(/\s+/g, '')

/**
 * First place of the words on the page, spaces ignored, also across pieces and line breaks.
 * Signs of a piece are taken as equally wide, which holds for Chinese text.
 */
export function findWords(pieces: Piece[], words: string): Box[] {
  const needle = bare(words)
  if (needle.length < 2) return []
  const signs: { piece: number; at: number }[] = []
  let text = ''
  pieces.forEach((p, piece) => {
    ;[...p.str].forEach((c, at) => {
      if (/\s/.test(c)) return
      text += c
      // surrogate pairs count twice in indexOf
      for (let i = 0; i < c.length; i++) signs.push({ piece, at })
    })
  })
  const start = text.indexOf(needle)
  if (start < 0) return []
  const boxes: Box[] = []
  let run: { piece: number; from: number; to: number } | null = null
  const close = () => {
    const p = run && pieces[run.piece]
    if (!run || !p) return
    const unit = p.width / Math.max(1, [...p.str].length)
    boxes.push({ x: p.x + run.from * unit, y: p.y, width: (run.to - run.from + 1) * unit, height: p.height })
  }
  for (const s of signs.slice(start, start + needle.length)) {
    if (run && run.piece === s.piece) run.to = s.at
    else {
      close()
      run = { piece: s.piece, from: s.at, to: s.at }
    }
  }
  close()
  return joined(boxes)
}
/** Boxes that touch on one line become one: some writers put every sign in its own piece. */
function joined(boxes: Box[]): Box[] {
  const out: Box[] = []
  for (const b of boxes) {
    const last = out[out.length - 1]
    if (last && Math.abs(last.y - b.y) < b.height / 2 && Math.abs(last.x + last.width - b.x) < b.height) last.width = b.x + b.width - last.x
    else out.push({ ...b })
  }
  return out
}
