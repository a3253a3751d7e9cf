// Visits every route at phone and desk size and writes web/screens/<size>/<name>.png.
//   node scripts/screens.mjs [--base http://127.0.0.1:5173] [--only home,verify] [--lang zh|en] [--large] [--axe] [--width 320]
// Signs in by the API as the persona a route needs; see PERSONAS.
import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const args = process.argv.slice(2)
const arg = (name, fallback) => (args.includes(`--${name}`) ? args[args.indexOf(`--${name}`) + 1] : fallback)
const base = arg('base', 'http://127.0.0.1:5173')
const only = arg('only', '')?.split(',').filter(Boolean)
const lang = arg('lang', 'zh')
const width = Number(arg('width', 0))
const large = args.includes('--large')
const withAxe = args.includes('--axe')
const COURT = arg('court', '370102')
const FILING = arg('filing', '00000000-0000-4000-8000-000000000001')
const CASE = arg('case', '00000000-0000-4000-8000-0000000000c1')
const DRAFT = arg('draft', '00000000-0000-4000-8000-0000000000d1')

/** Identifier and password of the demo accounts; any of them may be overridden: LIANTING_PERSONA_clerk=138…:password */
const persona = (name, fallback) => (process.env[`LIANTING_PERSONA_${name}`] ?? fallback).split(':')
const PERSONAS = {
  party: persona('party', '13800000001:Demo-2026'),
  lawyer: persona('lawyer', '13800000002:Demo-2026'),
  clerk: persona('clerk', '13800000003:Demo-2026'),
  admin: persona('admin', '13800000004:Demo-2026'),
  province: persona('province', '13800000005:Demo-2026'),
  auditor: persona('auditor', '13800000006:Demo-2026'),
}
const PAGES = [
  ['home', '/'], ['court', `/c/${COURT}`], ['verify', '/verify'], ['verify-ok', '/verify?code=K7QM4TX92HRD'], ['verify-none', '/verify?code=K7QM4TX92HR0'],
  ['sign-in', '/sign-in'], ['sign-up', '/sign-up'], ['recover-ask', '/recover'], ['recover', '/recover/demo-token'], ['lost', '/no/such/page'],
  ['account', '/account', 'party'], ['drafts', '/drafts', 'party'], ['file-new', '/file', 'party'],
  ...['court', 'cause', 'parties', 'claims', 'evidence', 'service', 'statement'].map((s) => [`file-${s}`, `/file/${DRAFT}?step=${s}`, 'party']),
  ['filing', `/filings/${COURT}/${FILING}`, 'party'], ['cases', '/cases', 'party'], ['cases-lawyer', '/cases', 'lawyer'],
  ['case', `/cases/${COURT}/${CASE}`, 'party'], ['join', '/join', 'party'],
  ['desk-filings', `/desk/${COURT}/filings/${FILING}`, 'clerk'], ['desk-cases', `/desk/${COURT}/cases`, 'clerk'], ['desk-proofs', `/desk/${COURT}/proofs`, 'clerk'],
  ['desk-people', `/desk/${COURT}/people`, 'admin'], ['desk-rules', `/desk/${COURT}/rules`, 'admin'], ['desk-policies', `/desk/${COURT}/policies`, 'admin'],
  ['desk-audit', `/desk/${COURT}/audit`, 'auditor'], ['province', '/province', 'province'],
].filter(([name]) => !only.length || only.some((o) => name === o || (o.endsWith('*') && name.startsWith(o.slice(0, -1)))))

const sizes = width ? [[width, 844]] : [[390, 844], [1440, 900]]
const axeSource = withAxe ? readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8') : ''
const browser = await chromium.launchPersistentContext(mkdtempSync(join(tmpdir(), 'screens-')), {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', timeout: 90_000,
  args: ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  locale: lang === 'en' ? 'en-GB' : 'zh-CN', timezoneId: 'Asia/Shanghai', deviceScaleFactor: 1, serviceWorkers: 'block',
})
let bad = 0
let who
for (const [name, path, as] of PAGES.sort((a, b) => (a[2] ?? '').localeCompare(b[2] ?? ''))) {
  if (as !== who) {
    await browser.clearCookies()
    if (as) {
      const [identifier, password] = PERSONAS[as]
      const res = await browser.request.post(`${base}/api/account/sign-in`, { headers: { 'X-Lianting': '1' }, data: { identifier, password } })
      if (!res.ok()) console.log(`! ${as}: sign-in ${res.status()}`)
      await browser.request.fetch(`${base}/api/account`, { method: 'PATCH', headers: { 'X-Lianting': '1', 'Content-Type': 'application/merge-patch+json' }, data: { language: lang, large_type: large } })
    }
    who = as
  }
  for (const [w, h] of sizes) {
    const page = await browser.newPage()
    await page.setViewportSize({ width: w, height: h })
    await page.addInitScript(([l, big]) => { localStorage.setItem('lianting.lang', l); localStorage.setItem('lianting.large', big ? '1' : '0') }, [lang, large])
    page.on('console', (m) => { if (['error', 'warning'].includes(m.type())) { bad++; console.log(`! ${name} ${w}: ${m.text().slice(0, 300)}`) } })
    page.on('pageerror', (e) => { bad++; console.log(`! ${name} ${w}: ${e.message}`) })
    await page.goto(base + path, { waitUntil: 'networkidle', timeout: 60_000 }).catch((e) => console.log(`! ${name}: ${e.message}`))
    await page.waitForTimeout(300)
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    if (over > 0) { bad++; console.log(`! ${name} ${w}: runs ${over} px off the side`) }
    if (withAxe) {
      // A sticky bar half over a control is a matter of scrolling, not of target size.
      await page.addStyleTag({ content: '.tabs-bottom, .act-bar, .top-light { position: static !important }' })
      await page.evaluate(axeSource)
      const found = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }))
      for (const v of found.violations) { bad++; console.log(`! ${name} ${w}: axe ${v.id} ×${v.nodes.length}: ${v.nodes[0].target} ${v.nodes[0].failureSummary?.split('\n')[1] ?? ''}`) }
    }
    const dir = new URL(`../screens/${w}${lang === 'en' ? '-en' : ''}${large ? '-large' : ''}/`, import.meta.url).pathname
    mkdirSync(dir, { recursive: true })
    await page.screenshot({ path: `${dir}${name}.png`, fullPage: w < 700 })
    await page.close()
  }
  console.log(name)
}
await browser.close()
console.log(bad ? `${bad} things to mend` : 'clean')
