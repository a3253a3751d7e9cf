import type { Json } from '@/api/types'
import { parseYuan } from '@/lib/format'
import { isEmpty, widgetOf, type FormSchema } from './schema'

/** Rows of a CSV into rows of a list: columns by name (either language) or, without a head, by order. */
export function readRows(text: string, items: FormSchema): { rows: { [key: string]: Json }[]; bad: number } {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/).filter((l) => l.trim())
  const cells = (line: string) => line.split(/[,，\t;]/).map((x) => x.trim().replace(/^"|"$/g, ''))
  const columns = Object.entries(items.properties ?? {})
  const head = cells(lines[0] ?? '')
  const named = head.map((h) => columns.find(([k, p]) => h === p.title || h === p['x-en'] || h === k)?.[0])
  const hasHead = named.some(Boolean)
  const order = hasHead ? named : columns.map(([k]) => k)
  let bad = 0
  const rows = lines.slice(hasHead ? 1 : 0).flatMap((line) => {
    const row: { [key: string]: Json } = {}
    cells(line).forEach((cell, i) => {
      const key = order[i]
      const schema = columns.find(([k]) => k === key)?.[1]
      if (!key || !schema || !cell) return
      const w = widgetOf(schema)
      if (w === 'money') {
        const fen = parseYuan(cell)
        if (fen === null) bad++
        else row[key] = fen
      } else if (w === 'number' || w === 'rate') {
        const n = Number(cell.replace(/,/g, ''))
        if (Number.isNaN(n)) bad++
        else row[key] = n
      } else if (w === 'date') {
        const d = /(\d{4})\D(\d{1,2})\D(\d{1,2})/.exec(cell)
        if (d) row[key] = `${d[1]}-${d[2]?.padStart(2, '0')}-${d[3]?.padStart(2, '0')}`
        else bad++
      } else row[key] = cell
    })
    return isEmpty(row) ? [] : [row]
  })
  return { rows, bad }
}
