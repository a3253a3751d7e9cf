// Browser stories against a running server.
//   node tests/e2e/run.mjs --base http://127.0.0.1:8080 [--people var/demo.json] [--only name,name] [--shots dir] [--at-once 4]
// People come from the demo.json that the demo writes. Prints `N passed, N failed`; the exit code says the same.
import { mkdirSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { World } from './kit.mjs'

const args = process.argv.slice(2)
const arg = (name, fallback) => (args.includes(`--${name}`) ? args[args.indexOf(`--${name}`) + 1] : fallback)
const file = arg('people', new URL('../../var/demo.json', import.meta.url).pathname)
const demo = JSON.parse(readFileSync(file, 'utf8'))
const base = arg('base', demo.base_url)
const only = arg('only', '').split(',').filter(Boolean)
const shots = arg('shots', '')
const limit = Number(arg('at-once', 4))
if (shots) mkdirSync(shots, { recursive: true })

const world = new World(base, demo.phone_url, demo.people)
world.hearings = demo.hearings ?? []
world.shot = (page, name, options = {}) => (shots ? page.screenshot({ path: join(shots, `${name}.png`), ...options }) : undefined)
await world.open()

const dir = new URL('./stories/', import.meta.url)
const stories = []
for (const name of readdirSync(dir).filter((f) => f.endsWith('.mjs')).sort()) {
  const got = await import(new URL(name, dir))
  for (const s of got.stories) stories.push({ ...s, name: `${name.slice(0, -4)}: ${s.name}` })
}
const chosen = stories.filter((s) => !only.length || only.some((o) => s.name.includes(o)))
let [passed, failed] = [0, 0]
async function tell(story) {
  const from = Date.now()
  const contexts = []
  const w = Object.create(world)
  w.context = async (...a) => {
    const c = await world.context(...a)
    contexts.push(c)
    return c
  }
  try {
    await Promise.race([story.run(w), new Promise((_, no) => setTimeout(() => no(new Error('took longer than 8 minutes')), 480_000).unref())])
    const errors = contexts.flatMap((c) => c.errors)
    if (errors.length) throw new Error(`console: ${errors.slice(0, 4).join('\n    ')}`)
    passed++
    console.log(`ok    ${story.name} (${((Date.now() - from) / 1000).toFixed(1)} s)`)
  } catch (error) {
    failed++
    console.log(`FAIL  ${story.name}\n    ${String(error.stack ?? error).split('\n').slice(0, 9).join('\n    ')}`)
    for (const p of contexts.flatMap((c) => c.pages())) console.log(`    at ${p.url()}: ${await said(p)}`)
    if (shots) for (const [i, p] of contexts.flatMap((c) => c.pages()).entries()) await p.screenshot({ path: join(shots, `FAIL-${story.name.replace(/[^\w]+/g, '-')}-${i}.png`), fullPage: true }).catch(() => {})
  } finally {
    for (const c of contexts) await c.close().catch(() => {})
  }
}
/** What a page asks for or complains of, for whoever reads a failure without having seen it. */
const said = (page) => page.evaluate(() => [...document.querySelectorAll('[role=status],[role=alert],[role=dialog],[aria-invalid=true],button.w-full,.flex-1[type=button]')]
  .map((e) => (e.innerText || e.getAttribute('name') || '').replace(/\s+/g, ' ').slice(0, 160)).filter(Boolean).slice(0, 12).join(' | ')).catch((e) => String(e))
// A courtroom encodes and decodes the pictures of four windows: it gets the machine to itself, after the others.
const waiting = chosen.filter((s) => !s.alone)
await Promise.all(Array.from({ length: Math.min(limit, waiting.length) }, async () => {
  for (let s = waiting.shift(); s; s = waiting.shift()) await tell(s)
}))
for (const s of chosen.filter((s) => s.alone)) await tell(s)
await world.close()
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed ? 1 : 0)
