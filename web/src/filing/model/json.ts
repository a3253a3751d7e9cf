import type { Json } from '@/api/types'

/** Plain-data helpers of the draft: what changed, how two people's changes meet, and pointers. */
export type JsonObject = { [key: string]: Json }

export const isObject = (v: unknown): v is JsonObject => typeof v === 'object' && v !== null && !Array.isArray(v)

export function equal(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((x, i) => equal(x, b[i]))
  if (!isObject(a) || !isObject(b)) return false
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((k) => k in b && equal(a[k], b[k]))
}

/** A copy without null, undefined and empty texts: an emptied field is a missing one. */
export function prune(value: Json | undefined): Json {
  if (Array.isArray(value)) return value.map(prune)
  if (!isObject(value)) return value ?? null
  const kept: JsonObject = {}
  for (const [k, v] of Object.entries(value)) if (v !== null && v !== undefined && v !== '') kept[k] = prune(v)
  return kept
}

/** JSON Merge Patch that turns `from` into `to`. Both must be pruned: a patch cannot write null. */
export function diff(from: JsonObject, to: JsonObject): JsonObject {
  const patch: JsonObject = {}
  for (const k of Object.keys(from)) if (!(k in to)) patch[k] = null
  for (const [k, v] of Object.entries(to)) {
    const old = from[k]
    if (isObject(old) && isObject(v)) {
      const part = diff(old, v)
      if (Object.keys(part).length) patch[k] = part
    } else if (!equal(old, v)) patch[k] = v
  }
  return patch
}

export function applyPatch(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch
  const out: JsonObject = isObject(target) ? { ...target } : {}
  for (const [k, v] of Object.entries(patch)) {
    if (v === null) delete out[k]
    else out[k] = applyPatch(out[k], v)
  }
  return out
}

const hasId = (v: Json): v is JsonObject & { id: string } => isObject(v) && typeof v.id === 'string'
const keyed = (v: Json | undefined): v is (JsonObject & { id: string })[] => Array.isArray(v) && v.every(hasId)
const texts = (v: Json | undefined): v is string[] => Array.isArray(v) && v.every((x) => typeof x === 'string')

/**
 * Two windows changed the same draft. Fields only one of them touched are taken from it;
 * where both did, the person at this screen wins. Rows are told apart by their id.
 */
export function merge3(base: Json | undefined, mine: Json | undefined, theirs: Json | undefined): Json | undefined {
  if (equal(mine, base)) return theirs
  if (equal(theirs, base) || equal(mine, theirs)) return mine
  if (isObject(mine) && isObject(theirs)) {
    const was = isObject(base) ? base : {}
    const out: JsonObject = {}
    for (const k of new Set([...Object.keys(mine), ...Object.keys(theirs)])) {
      const v = merge3(was[k], mine[k], theirs[k])
      if (v !== undefined) out[k] = v
    }
    return out
  }
  if (keyed(mine) && keyed(theirs)) return mergeRows(keyed(base) ? base : [], mine, theirs)
  if (texts(mine) && texts(theirs)) {
    const was = new Set(texts(base) ? base : [])
    return [...mine.filter((x) => theirs.includes(x) || !was.has(x)), ...theirs.filter((x) => !mine.includes(x) && !was.has(x))]
  }
  return mine
}

function mergeRows(base: (JsonObject & { id: string })[], mine: typeof base, theirs: typeof base): Json {
  const find = (rows: typeof base, id: string) => rows.find((r) => r.id === id)
  const out: Json[] = []
  for (const row of mine) {
    const was = find(base, row.id)
    const other = find(theirs, row.id)
    // They removed it; keep it only when it is new or was changed here.
    if (!other && was && equal(was, row)) continue
    out.push(merge3(was, row, other ?? was) ?? row)
  }
  for (const row of theirs) if (!find(mine, row.id) && !find(base, row.id)) out.push(row)
  return out
}

/** Makes `target` equal to `source` in place, so that fields on the screen keep their focus. */
export function reconcile(target: JsonObject, source: JsonObject): void {
  for (const k of Object.keys(target)) if (!(k in source)) delete target[k]
  for (const [k, v] of Object.entries(source)) {
    const old = target[k]
    if (isObject(old) && isObject(v)) reconcile(old, v)
    else if (keyed(old) && keyed(v)) {
      const rows = v.map((row) => {
        const same = old.find((o) => o.id === row.id)
        if (same) reconcile(same, row)
        return same ?? row
      })
      if (rows.length !== old.length || rows.some((r, i) => r !== old[i])) old.splice(0, old.length, ...rows)
    } else if (!equal(old, v)) target[k] = v
  }
}

export function getAt(value: Json | undefined, path: readonly (string | number)[]): Json | undefined {
  let at: Json | undefined = value
  for (const k of path) {
    if (Array.isArray(at)) at = at[Number(k)]
    else if (isObject(at)) at = at[k]
    else return undefined
  }
  return at
}

/** Sets a member, making the objects on the way; undefined removes it. */
export function setAt(root: JsonObject, path: readonly (string | number)[], value: Json | undefined): void {
  let at: Json = root
  for (let i = 0; i < path.length - 1; i++) {
    const k = path[i] ?? ''
    const next: Json | undefined = getAt(at, [k])
    if (isObject(next) || Array.isArray(next)) at = next
    else {
      const made: Json = typeof path[i + 1] === 'number' ? [] : {}
      put(at, k, made)
      // Read back: inside a reactive root the stored object is a proxy.
      at = getAt(at, [k]) ?? made
    }
  }
  put(at, path[path.length - 1] ?? '', value)
}
function put(at: Json, key: string | number, value: Json | undefined): void {
  if (Array.isArray(at)) at[Number(key)] = value ?? null
  else if (isObject(at)) {
    if (value === undefined) delete at[key]
    else at[key] = value
  }
}

export const pointer = (path: readonly (string | number)[]): string =>
  path.map((k) => `/${String(k).replace(/~/g, '~0').replace(/\//g, '~1')}`).join('')
/** True when one pointer is the other or lies below it. */
export const covers = (a: string, b: string): boolean => a === b || b.startsWith(`${a}/`)
