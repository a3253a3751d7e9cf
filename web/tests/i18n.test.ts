import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const SRC = join(import.meta.dirname, '../src')
const keysOf = (value: unknown, path = ''): string[] =>
  value && typeof value === 'object'
    ? Object.entries(value).flatMap(([k, v]) => keysOf(v, path ? `${path}.${k}` : k))
    : [path]
const modules = (lang: string) => readdirSync(join(SRC, 'i18n', lang)).filter((f) => f.endsWith('.json')).sort()
const read = (lang: string, file: string) => JSON.parse(readFileSync(join(SRC, 'i18n', lang, file), 'utf8')) as unknown
const sources = (readdirSync(SRC, { recursive: true }) as string[]).filter((f) => /\.(vue|ts)$/.test(f))

describe('messages', () => {
  it('has the same modules in both languages', () => {
    expect(modules('en')).toEqual(modules('zh'))
  })
  it.each(modules('zh'))('%s has the same keys in both languages', (file) => {
    expect(keysOf(read('en', file)).sort()).toEqual(keysOf(read('zh', file)).sort())
  })
  it('keeps Chinese words out of the templates', () => {
    const found = sources
      .filter((f) => f.endsWith('.vue'))
      .filter((f) => {
        const template = /<template>[\s\S]*<\/template>/.exec(readFileSync(join(SRC, f), 'utf8'))?.[0] ?? ''
        return /\p{Script=Han}/u.test(template.replace(/<!--[\s\S]*?-->/g, ''))
      })
    expect(found).toEqual([])
  })
  it('knows every literal key that the code asks for', () => {
    const known = new Set(modules('zh').flatMap((f) => keysOf(read('zh', f)).map((k) => `${f.slice(0, -5)}.${k}`)))
    const missing = sources.flatMap((f) =>
      [...readFileSync(join(SRC, f), 'utf8').matchAll(/\bt\('([a-z_]+\.[\w.]+)'/g)]
        .map((m) => m[1] ?? '')
        .filter((k) => !known.has(k))
        .map((k) => `${f}: ${k}`),
    )
    expect(missing).toEqual([])
  })
  it('knows every group that the code takes a key from', () => {
    const known = modules('zh').flatMap((f) => keysOf(read('zh', f)).map((k) => `${f.slice(0, -5)}.${k}`))
    const missing = sources.flatMap((f) =>
      [...readFileSync(join(SRC, f), 'utf8').matchAll(/\bte?\(`([a-z_]+\.[\w.]*)\$\{/g)].map((m) => m[1] ?? '').filter((g) => !known.some((k) => k.startsWith(g))).map((g) => `${f}: ${g}`),
    )
    expect(missing).toEqual([])
  })
  it('keeps no module so long that nobody reads it', () => {
    const long = modules('zh').filter((f) => readFileSync(join(SRC, 'i18n', 'zh', f), 'utf8').split('\n').length > 500)
    expect(long).toEqual([])
  })
})

describe('the table of rights', () => {
  const acts = readFileSync(join(import.meta.dirname, '../../policies/roles.csv'), 'utf8').split('\n').filter((l) => l.startsWith('p,')).map((l) => l.split(',').map((x) => x.trim()))
  const words = (lang: string) => JSON.parse(readFileSync(join(import.meta.dirname, `../src/i18n/${lang}/staff.json`), 'utf8')) as { act: Record<string, string>; object: Record<string, string> }
  it.each(['zh', 'en'])('has a word for every act and what it is about in %s', (lang) => {
    const { act, object } = words(lang)
    expect([...new Set(acts.map((a) => `${a[3]}_${a[4]}`))].filter((k) => !act[k])).toEqual([])
    expect([...new Set(acts.map((a) => a[3] ?? ''))].filter((k) => !object[k])).toEqual([])
  })
})
