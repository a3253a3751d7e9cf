import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

// What may be asked of the wall is one closed list in the server; the page of rights has words for each line of it.
const ROOT = join(import.meta.dirname, '../..')
const keys = [...readFileSync(join(ROOT, 'src/court/act.rs'), 'utf8').matchAll(/^\s+\w+ = "([a-z_]+:[a-z_]+)", \w+;/gm)].map((m) => m[1] ?? '')
const roles = [...new Set(readFileSync(join(ROOT, 'policies/roles.csv'), 'utf8').split('\n').flatMap((l) => (l.startsWith('p, ') ? [l.split(', ')[1] ?? ''] : [])))]
type Words = Record<'act' | 'object' | 'role', Record<string, string>>
const words = (lang: string) => JSON.parse(readFileSync(join(ROOT, 'web/src/i18n', lang, 'staff.json'), 'utf8')) as Words

describe.each(['zh', 'en'])('words of the page of rights, %s', (lang) => {
  const said = words(lang)
  it('are there for every act', () => {
    expect(keys.length).toBeGreaterThan(50)
    expect(keys.filter((k) => !said.act[k.replace(':', '_')])).toEqual([])
  })
  it('are there for what every act is about', () => {
    expect([...new Set(keys.map((k) => k.split(':')[0] ?? ''))].filter((o) => !said.object[o])).toEqual([])
  })
  it('are there for every role of the policies', () => {
    expect(roles.length).toBeGreaterThan(8)
    expect(roles.filter((r) => !said.role[r])).toEqual([])
  })
  it('tell two acts of one object apart', () => {
    const seen = new Map<string, string>()
    for (const k of keys) {
      const told = `${k.split(':')[0]} ${said.act[k.replace(':', '_')]}`
      expect(seen.get(told), `${k} reads as ${seen.get(told)}`).toBeUndefined()
      seen.set(told, k)
    }
  })
})

describe.each(['zh', 'en'])('names of papers, %s', (lang) => {
  it('are there for every paper a court issues', () => {
    const kinds = [...readFileSync(join(ROOT, 'src/paper/house.rs'), 'utf8').matchAll(/^\s+\("([a-z_]+)", "/gm)].map((m) => m[1] ?? '')
    const said = (JSON.parse(readFileSync(join(ROOT, 'web/src/i18n', lang, 'common.json'), 'utf8')) as { paper: Record<string, string> }).paper
    expect(kinds.length).toBeGreaterThan(15)
    expect(kinds.filter((k) => !said[k])).toEqual([])
  })
})

/** What an act writes down beside itself: the keys of `json!({ … })` in a commit. */
function detailKeys(): string[] {
  const files = (readdirSync(join(ROOT, 'src'), { recursive: true }) as string[]).filter((f) => f.endsWith('.rs'))
  const keys = new Set<string>()
  for (const f of files) {
    for (const m of readFileSync(join(ROOT, 'src', f), 'utf8').matchAll(/\.commit\([^;]*?json!\((\{.*?\})\)\s*\)/gs))
      for (const k of (m[1] ?? '').matchAll(/"([a-z_0-9]+)"\s*:/g)) keys.add(k[1] ?? '')
  }
  return [...keys]
}
describe.each(['zh', 'en'])('details of the audit, %s', (lang) => {
  it('have words where the acts of this court write them', () => {
    const said = (JSON.parse(readFileSync(join(ROOT, 'web/src/i18n', lang, 'audit.json'), 'utf8')) as { detail: Record<string, string> }).detail
    const found = detailKeys()
    expect(found.length).toBeGreaterThan(60)
    expect(found.filter((k) => !said[k])).toEqual([])
  })
})
