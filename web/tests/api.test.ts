import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { api } from '@/api'
import { rooms } from '@/api/rooms'

interface Document { paths: Record<string, Record<string, { parameters?: { name: string; in: string; required?: boolean }[] }>> }
const doc = JSON.parse(readFileSync(join(import.meta.dirname, '../src/api/openapi.json'), 'utf8')) as Document
const shape = (path: string) => new RegExp(`^${path.replace(/\{[^}]+\}/g, '[^/]+').replace(/\./g, '\\.')}$`)
// A literal path wins over one with a parameter, as on the server.
const paths = Object.keys(doc.paths).sort((a, b) => a.split('{').length - b.split('{').length).map((p) => [shape(p), p] as const)

type Call = (...args: unknown[]) => unknown
const calls = (node: object, at = 'api'): [string, Call][] =>
  Object.entries(node).flatMap(([k, v]): [string, Call][] => (typeof v === 'function' ? [[`${at}.${k}`, v as Call]] : calls(v as object, `${at}.${k}`)))

/** What a call asks for: method, address and headers. */
async function askedBy(fn: Call) {
  let method = 'GET'
  let asked = ''
  let headers = new Headers()
  vi.stubGlobal('fetch', (url: string, init: RequestInit = {}) => {
    method = init.method ?? 'GET'
    asked = url
    headers = new Headers(init.headers)
    return Promise.resolve(new Response('{}'))
  })
  const made = fn(370102, 370102, 370102, 370102, 370102, 370102)
  if (typeof made === 'string') asked = made
  else await made
  const [path = '', query = ''] = asked.replace(/^\/api/, '').split('?')
  return { method, headers, path, query, known: paths.find(([r]) => r.test(path))?.[1] }
}
function holds({ method, headers, path, query, known }: Awaited<ReturnType<typeof askedBy>>) {
  expect(known, path).toBeDefined()
  const operation = doc.paths[known ?? '']?.[method.toLowerCase()]
  expect(operation, `${method} ${known}`).toBeDefined()
  const named = (place: string) => (operation?.parameters ?? []).filter((x) => x.in === place)
  for (const k of new URLSearchParams(query).keys()) expect(named('query').map((x) => x.name)).toContain(k)
  for (const h of named('header').filter((x) => x.required)) expect(headers.get(h.name), h.name).toBeTruthy()
  // a key or a version nobody reads would promise a safe repeat that is none
  const read = named('header').map((x) => x.name.toLowerCase())
  for (const h of ['idempotency-key', 'if-match']) if (headers.has(h)) expect(read, `${method} ${known}`).toContain(h)
}

afterEach(() => vi.unstubAllGlobals())

describe('every call of the pages', () => {
  it.each([...calls(api), ...calls(rooms, 'rooms')])('%s is in the document', async (_name, fn) => holds(await askedBy(fn)))
})
