// Visits every route at phone and desk size and writes web/screens/<size>/<name>.png.
//   node scripts/screens.mjs --people var/demo.json [--base URL] [--only home,file-*] [--lang zh|en] [--large] [--axe] [--width 320]
// `--base` is where the pages are (a `vite` in front of the demo, say); without it the demo itself. People, and with
// them the demo's address, come from the demo.json a running demo wrote. What the pictures show is made once per
// demo (screens-play.mjs) and remembered in web/screens/made.json, sign-ins too: authenticator codes count once.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { World, axeSource } from '../../tests/e2e/kit.mjs'
import { play } from './screens-play.mjs'

const args = process.argv.slice(2)
const arg = (name, fallback) => (args.includes(`--${name}`) ? args[args.indexOf(`--${name}`) + 1] : fallback)
const demo = JSON.parse(readFileSync(resolve(arg('people', new URL('../../var/demo.json', import.meta.url).pathname)), 'utf8'))
const base = arg('base', demo.base_url)
const only = arg('only', '').split(',').filter(Boolean)
const lang = arg('lang', 'zh')
const width = Number(arg('width', 0))
const large = args.includes('--large')
const withAxe = args.includes('--axe')
const out = new URL('../screens/', import.meta.url).pathname
mkdirSync(out, { recursive: true })

// The courts of the play: the first basic one is the home of most pages.
const basic = demo.courts.filter((c) => c.id % 100 !== 0).map((c) => c.id)
const COURT = basic[0]
const world = new World(demo.base_url, demo.phone_url, demo.people)
await world.open()

const remembered = `${out}made.json`
const mark = demo.people.map((p) => p.totp_secret ?? '').join('')
let made = {}
try {
  made = JSON.parse(readFileSync(remembered, 'utf8'))
} catch { /* the first time */ }
if (made.mark !== mark) made = { mark, cookies: {} }
const session = world.session.bind(world)
world.session = async (person) => {
  const cookie = made.cookies[person.identifier]
  if (cookie && !world.sessions.has(person.identifier)) {
    const s = { person, cookie }
    if ((await world.call(s, 'GET', '/account')).status === 200) world.sessions.set(person.identifier, Promise.resolve(s))
  }
  const s = await session(person)
  made.cookies[person.identifier] = s.cookie
  return s
}
const remember = () => writeFileSync(remembered, JSON.stringify(made))
if (!made.play) {
  console.log('making what the pictures show')
  made.play = await play(world, COURT, basic.slice(1, 3))
  remember()
}
const { filing, returned, kase, draft, code } = made.play

const at = (role) => world.person(role, COURT)
const locked = async (page) => {
  await page.locator('[data-field="/evidence"] input[type=file]').first().setInputFiles({ name: '装修尾款收据.pdf', mimeType: 'application/pdf', buffer: lockedPdf() })
  await page.getByRole('alert').or(page.getByText('怎么办')).or(page.getByText('What to do')).first().waitFor({ timeout: 15_000 }).catch(() => {})
  await page.waitForTimeout(500)
}
const steps = ['court', 'cause', 'parties', 'claims', 'evidence', 'service', 'statement']
const [party, lawyer, clerk, admin] = [world.person('party'), world.person('lawyer'), at('clerk'), at('court_admin')]
/** name, path, whose page, what to do there first */
const PAGES = [
  ['home', '/'], ['court', `/c/${COURT}`], ['verify', '/verify'], ['verify-ok', `/verify?code=${code}`], ['verify-none', '/verify?code=K7QM4TX92HR0'],
  ['tool-fee', '/tools/fee'], ['tool-fee-sum', '/tools/fee?kind=property_acceptance&amount=300000&params=summary'], ['tool-fee-unset', `/tools/fee?kind=divorce&amount=500000&court=${COURT}`],
  ['tool-deadline', '/tools/deadline'], ['tool-deadline-day', '/tools/deadline?rule=appeal_judgment&trigger=2026-11-16'], ['tool-deadline-unknown', '/tools/deadline?rule=appeal_judgment&trigger=2026-12-25'],
  ['outages', '/outages'], ['sign-in', '/sign-in'], ['sign-up', '/sign-up'], ['recover-ask', '/recover'], ['recover', '/recover/no-such-token'], ['lost', '/no/such/page'],
  ['home-party', '/', party], ['account', '/account', party], ['software', '/account/software', lawyer], ['drafts', '/drafts', party], ['file-new', '/file', party],
  ...steps.map((s) => [`file-${s}`, `/file/${draft}?step=${s}`, party]), ['file-locked', `/file/${draft}?step=evidence`, party, locked],
  ['filing', `/filings/${COURT}/${filing}`, party], ['filing-returned', `/filings/${COURT}/${returned}`, party], ['cases', '/cases', party],
  ['case', `/cases/${COURT}/${kase}`, party], ['case-file', `/cases/${COURT}/${kase}?tab=file`, party], ['case-papers', `/cases/${COURT}/${kase}?tab=papers`, party], ['case-contact', `/cases/${COURT}/${kase}?tab=contact`, party],
  ['case-fees', `/cases/${COURT}/${kase}/fees`, party], ['desk-fees', `/desk/${COURT}/fees`, clerk], ['desk-fees-transfers', `/desk/${COURT}/fees?tab=transfers`, clerk], ['desk-fees-books', `/desk/${COURT}/fees?tab=books`, clerk], ['desk-case-fees', `/desk/${COURT}/cases/${kase}?tab=fees`, clerk],
  ['inbox', '/inbox', party], ['join', '/join', party], ['forbidden', '/forbidden', party], ['cases-lawyer', '/cases', lawyer], ['case-lawyer', `/cases/${COURT}/${kase}`, lawyer],
  ['desk', '/desk', clerk], ['desk-queue', `/desk/${COURT}/filings`, clerk], ['desk-filings', `/desk/${COURT}/filings/${filing}`, clerk], ['desk-cases', `/desk/${COURT}/cases`, clerk], ['desk-services', `/desk/${COURT}/services`, clerk], ['desk-case-service', `/desk/${COURT}/cases/${kase}?tab=service`, clerk], ['desk-proofs', `/desk/${COURT}/proofs`, clerk], ['case-clerk', `/cases/${COURT}/${kase}`, clerk],
  ['hearings', '/hearings', party], ['self-test', '/hearings/test', party], ['hearing-link-gone', '/h/no-such-link'],
  ['desk-hearings', `/desk/${COURT}/hearings`, clerk], ['desk-hearing-new', `/desk/${COURT}/hearings/new?case=${kase}`, clerk], ['desk-hearing-calls', `/desk/${COURT}/hearings/calls`, clerk], ['desk-hearing-board', `/desk/${COURT}/hearings/board`, at('technician')], ['desk-courtrooms', `/desk/${COURT}/hearings/courtrooms`, admin], ['desk-case-hearings', `/desk/${COURT}/cases/${kase}?tab=hearings`, clerk],
  ['desk-people', `/desk/${COURT}/people`, admin], ['desk-rules', `/desk/${COURT}/rules`, admin], ['desk-templates', `/desk/${COURT}/templates`, admin], ['desk-outages', `/desk/${COURT}/outages`, admin], ['desk-outages-read', `/desk/${COURT}/outages`, clerk], ['desk-policies', `/desk/${COURT}/policies`, at('security_admin')], ['desk-policies-seen', `/desk/${COURT}/policies`, admin],
  ['desk-cases-head', `/desk/${COURT}/cases`, at('presiding_judge')], ['case-head', `/cases/${COURT}/${kase}`, at('presiding_judge')],
  ['desk-audit', `/desk/${COURT}/audit`, at('auditor')], ['province', '/province', world.people.find((p) => p.roles.includes('provincial_admin'))], ['calendar', '/province/calendar', world.people.find((p) => p.roles.includes('provincial_admin'))],
  ['docs', '/docs'],
].filter(([name]) => !only.length || only.some((o) => name === o || (o.endsWith('*') && name.startsWith(o.slice(0, -1)))))

/** A one-page PDF that says it is encrypted: enough for the court's examiner. */
function lockedPdf() {
  const parts = ['1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n', '2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n', '3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>\nendobj\n',
    `4 0 obj\n<</Filter/Standard/V 1/R 2/P -44/O<${'5a'.repeat(32)}>/U<${'a5'.repeat(32)}>>>\nendobj\n`]
  let text = '%PDF-1.4\n'
  const where = parts.map((p) => {
    const n = text.length
    text += p
    return n
  })
  const start = text.length
  const id = `<${'3c'.repeat(16)}>`
  text += `xref\n0 5\n0000000000 65535 f \n${where.map((n) => `${String(n).padStart(10, '0')} 00000 n \n`).join('')}trailer\n<</Size 5/Root 1 0 R/Encrypt 4 0 R/ID[${id}${id}]>>\nstartxref\n${start}\n%%EOF\n`
  return Buffer.from(text, 'latin1')
}

const sizes = width ? [[width, 844]] : [[390, 844], [1440, 900]]
// Answers that belong to the page: nobody is signed in, a file is refused, a token is none.
const EXPECTED = [/status of 401 .*\/api\/account$/, /status of 422 .*\/complete$/, /favicon\.ico$/]
let bad = 0
const tell = (text) => { bad++; console.log(`! ${text}`) }
const said = (text) => { if (!EXPECTED.some((e) => e.test(text))) tell(text) }
const dirOf = (w) => `${out}${w}${lang === 'en' ? '-en' : ''}${large ? '-large' : ''}/`
const contexts = new Map()
async function contextOf(person, w, h) {
  const key = `${person?.identifier ?? ''} ${w}`
  if (!contexts.has(key)) {
    contexts.set(key, (async () => {
      const s = person ? await world.session(person) : undefined
      if (s) await world.must(s, 'PATCH', '/account', { language: lang, large_type: large })
      const context = await world.context({ viewport: { width: w, height: h }, ...(w < 700 ? { hasTouch: true } : {}) }, undefined, { lang, large })
      if (s) {
        const [name, value] = s.cookie.split('; ')[0].split(/=(.*)/)
        await context.addCookies([{ name, value, url: base }])
      }
      return context
    })())
  }
  return contexts.get(key)
}
/** One window a draft: two tell each other, and say so on the page. */
const busy = new Map()
async function visit(page, size) {
  const key = page[1].startsWith('/file/') ? page[2].identifier : null
  if (!key) return look(page, size)
  const turn = (busy.get(key) ?? Promise.resolve()).then(() => look(page, size))
  busy.set(key, turn)
  return turn
}
async function look([name, path, person, act], [w, h]) {
  const page = await (await contextOf(person, w, h)).newPage()
  page.on('console', (m) => { if (['error', 'warning'].includes(m.type())) said(`${name} ${w}: ${m.text().slice(0, 300)} ${m.location().url ?? ''}`) })
  page.on('pageerror', (e) => tell(`${name} ${w}: ${e.message}`))
  await page.goto((path === '/docs' ? demo.base_url : base) + path, { waitUntil: 'networkidle', timeout: 60_000 }).catch((e) => tell(`${name}: ${e.message}`))
  await page.waitForTimeout(300)
  await act?.(page)
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  if (over > 0) tell(`${name} ${w}: runs ${over} px off the side`)
  mkdirSync(dirOf(w), { recursive: true })
  // The whole page of a phone in one piece: a tall window, so that what sticks to its foot stands there.
  if (w < 700) await page.setViewportSize({ width: w, height: Math.min(12_000, Math.max(h, await page.evaluate(() => document.documentElement.scrollHeight))) })
  await page.waitForTimeout(w < 700 ? 600 : 0)
  await page.screenshot({ path: `${dirOf(w)}${name}.png` })
  if (w < 700) await page.setViewportSize({ width: w, height: h })
  if (withAxe && path !== '/docs') {
    // A sticky bar half over a control is a matter of scrolling, not of target size.
    await page.addStyleTag({ content: '.tabs-bottom, .act-bar, .top-light { position: static !important }' })
    await page.evaluate(axeSource)
    const found = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }))
    for (const v of found.violations) tell(`${name} ${w}: axe ${v.id} (${v.impact}) ×${v.nodes.length}: ${v.nodes[0].target} ${v.nodes[0].failureSummary?.split('\n')[1] ?? ''}`)
  }
  await page.close()
}
const waiting = PAGES.flatMap((p) => sizes.map((s) => [p, s]))
await Promise.all(Array.from({ length: Number(arg('at-once', 3)) }, async () => {
  for (let next = waiting.shift(); next; next = waiting.shift()) await visit(...next)
}))
// The next run may speak another language to them.
for (const key of new Set([...contexts.keys()].map((k) => k.split(' ')[0]).filter(Boolean))) {
  await world.call(await world.session(world.people.find((p) => p.identifier === key)), 'PATCH', '/account', { language: 'zh', large_type: false })
}
remember()
await world.close()
console.log(`${PAGES.length} pages in ${out}`)
console.log(bad ? `${bad} things to mend` : 'clean')
