// Media rehearsals with real browsers.
//   node tests/media/run.mjs [--binary PATH] [--only name,name]
// Builds nothing: `cargo build -p lianting-media --example rehearsal` first. Prints `N passed, N failed, N not here`.
import { readdirSync } from 'node:fs'
import { Hall } from './kit.mjs'

const args = process.argv.slice(2)
const arg = (name, fallback) => (args.includes(`--${name}`) ? args[args.indexOf(`--${name}`) + 1] : fallback)
const only = arg('only', '').split(',').filter(Boolean)
const binary = arg('binary', `${process.env.CARGO_TARGET_DIR ?? 'target'}/debug/examples/rehearsal`)
const dir = new URL('./stories/', import.meta.url)
let [passed, failed, absent] = [0, 0, 0]
for (const file of readdirSync(dir).filter((f) => f.endsWith('.mjs')).sort()) {
  const { stories } = await import(new URL(file, dir))
  for (const story of stories) {
    const name = `${file.slice(0, -4)}: ${story.name}`
    if (only.length && !only.some((o) => name.includes(o))) continue
    const from = Date.now()
    const missing = await story.needs?.()
    if (missing) {
      absent++
      console.log(`none  ${name} (${missing})`)
      continue
    }
    const hall = await Hall.open(binary, story.args?.() ?? [])
    try {
      const told = await Promise.race([story.run(hall), new Promise((_, no) => setTimeout(() => no(new Error('took longer than 5 minutes')), 300_000).unref())])
      if (/panicked/.test(hall.log) && !story.panics) throw new Error(`the server panicked: ${hall.log.slice(0, 600)}`)
      passed++
      console.log(`ok    ${name} (${((Date.now() - from) / 1000).toFixed(1)} s)${told ? ` ${told}` : ''}`)
    } catch (error) {
      failed++
      console.log(`FAIL  ${name}\n    ${String(error.stack ?? error).split('\n').slice(0, 6).join('\n    ')}\n    ${hall.log.slice(-800)}`)
    } finally {
      await hall.close().catch(() => {})
    }
  }
}
console.log(`${passed} passed, ${failed} failed${absent ? `, ${absent} not here` : ''}`)
process.exit(failed ? 1 : 0)
