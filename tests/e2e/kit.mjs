// People, sign-ins, messages and small files for the stories. Everything a story needs from outside its page.
import { createHmac, randomInt, randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const need = createRequire(new URL('../../web/package.json', import.meta.url))
const { chromium } = need('playwright-core')
export const axeSource = readFileSync(need.resolve('axe-core/axe.min.js'), 'utf8')

const FLAGS = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync',
  // a camera and a microphone that need no person: the hearing's stories
  '--use-fake-device-for-media-stream=fps=10', '--use-fake-ui-for-media-stream', '--autoplay-policy=no-user-gesture-required']
export const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 }
export const DESK = { viewport: { width: 1440, height: 900 } }
export const COURT = 370102
export const OTHER_COURT = 370103
export const PASSWORD = 'Quancheng-Baotu-2026'

export const sleep = (ms) => new Promise((r) => setTimeout(r, ms))
export function ok(value, what) {
  if (!value) throw new Error(what)
  return value
}

/** RFC 6238, SHA-1, 30 s, 6 digits. */
export function totp(secret, at = Date.now()) {
  const bits = [...secret.replace(/=+$/, '')].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)))
  const count = Buffer.alloc(8)
  count.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)))
  const mac = createHmac('sha1', key).update(count).digest()
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

/** A resident ID number with a true check digit, of a district that does not exist. */
export function residentId(female = false) {
  const body = `370199${1960 + randomInt(40)}${String(1 + randomInt(12)).padStart(2, '0')}${String(1 + randomInt(28)).padStart(2, '0')}${String(100 + randomInt(400)).padStart(3, '0').slice(0, 2)}${randomInt(5) * 2 + (female ? 0 : 1)}`
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  return body + '10X98765432'[[...body].reduce((n, d, i) => n + Number(d) * weights[i], 0) % 11]
}
export const mobileNumber = () => `139${String(randomInt(1e8)).padStart(8, '0')}`

export class World {
  constructor(base, phoneUrl, people) {
    Object.assign(this, { base, phoneUrl, people, sessions: new Map(), trouble: [] })
  }
  async open() {
    // One browser for all: contexts are separate people.
    this.browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', timeout: 90_000, args: [...FLAGS, `--crash-dumps-dir=${mkdtempSync(join(tmpdir(), 'e2e-'))}`] })
    await this.makeFiles()
  }
  close() {
    return this.browser.close()
  }
  person(role, court) {
    const found = this.people.find((p) => p.roles.includes(role) && (court === undefined || p.court_id === court) && !this.taken?.has(p))
    return ok(found, `demo.json has no ${role} at ${court ?? 'any court'}`)
  }
  /** The newest message to a number whose text fits. */
  async message(mobile, pattern, after = 0) {
    for (let i = 0; i < 400; i++) {
      const res = await fetch(`${this.phoneUrl}/messages?mobile=${mobile}`)
      const list = (await res.json()).items ?? []
      const hit = list.find((m) => Date.parse(m.accepted_at) > after && pattern.test(m.text))
      if (hit) return pattern.exec(hit.text)[1] ?? hit.text
      await sleep(150)
    }
    throw new Error(`no message to ${mobile} like ${pattern}`)
  }
  /** Calls the API as somebody; answers {status, body}. */
  async call(session, method, path, body, headers = {}) {
    const raw = body instanceof Buffer
    const res = await fetch(`${this.base}/api${path}`, {
      method,
      headers: {
        ...(method === 'GET' ? {} : { 'X-Lianting': '1' }), ...(method === 'POST' ? { 'Idempotency-Key': randomUUID() } : {}),
        ...(body === undefined ? {} : { 'Content-Type': raw ? 'application/octet-stream' : method === 'PATCH' ? 'application/merge-patch+json' : 'application/json' }),
        ...(session?.cookie ? { Cookie: session.cookie } : {}), ...headers,
      },
      body: body === undefined ? undefined : raw ? body : JSON.stringify(body),
    })
    const set = res.headers.getSetCookie()
    if (session && set.length) session.cookie = set.map((c) => c.split(';')[0]).join('; ')
    const text = await res.text()
    let parsed = text
    try {
      parsed = JSON.parse(text)
    } catch { /* a file, or nothing */ }
    return { status: res.status, body: parsed, text, headers: res.headers }
  }
  async must(session, method, path, body, headers) {
    const got = await this.call(session, method, path, body, headers)
    if (got.status >= 400) throw new Error(`${method} ${path} → ${got.status} ${got.text.slice(0, 400)}`)
    return got.body
  }
  /** One session a person and run: authenticator codes count once. */
  session(person) {
    if (!this.sessions.has(person.identifier)) this.sessions.set(person.identifier, this.signIn(person))
    return this.sessions.get(person.identifier)
  }
  async signIn(person) {
    const s = { person, cookie: '' }
    for (let i = 0; ; i++) {
      const got = await this.call(s, 'POST', '/account/sign-in', { identifier: person.identifier, password: person.password, ...(person.totp_secret ? { totp: totp(person.totp_secret, Date.now() + (this.offset ?? 0)) } : {}) })
      if (got.status === 200) return Object.assign(s, { me: got.body })
      // A code used a moment ago by somebody else's tool: the next one comes within 30 s.
      if (i > 6 || (got.status !== 401 && got.status !== 429)) throw new Error(`sign-in ${person.name}: ${got.status} ${got.text.slice(0, 300)}`)
      await sleep(got.status === 429 ? Number(got.headers.get('Retry-After') ?? 5) * 1000 : 30_000 - (Date.now() % 30_000) + 300)
    }
  }
  /** A new party by the API, for the stories that are not about signing up. */
  async newParty(name) {
    const p = { name, identifier: mobileNumber(), password: PASSWORD, id_number: residentId(), roles: ['party'] }
    const s = { person: p, cookie: '' }
    await this.must(s, 'POST', '/account/codes', { mobile: p.identifier, purpose: 'sign_up' })
    const code = await this.message(p.identifier, /(\d{6})/)
    s.me = await this.must(s, 'POST', '/account/sign-up', { mobile: p.identifier, code, password: p.password, standing: 'natural', name, id_type: 'resident_id', id_number: p.id_number })
    for (const proof of s.me.proofs) await this.must(s, 'POST', `/account/proofs/${proof.id}/check`, { method: 'registry' })
    this.sessions.set(p.identifier, Promise.resolve(s))
    return p
  }
  async upload(s, draft, name, data) {
    const u = await this.must(s, 'POST', `/my/drafts/${draft}/files`, { name, size: data.length })
    for (let n = 0; n < u.parts; n++) await this.must(s, 'PUT', `/my/uploads/${u.id}/parts/${n + 1}`, data.subarray(n * u.part_bytes, (n + 1) * u.part_bytes))
    return this.must(s, 'POST', `/my/uploads/${u.id}/complete`)
  }
  /** A complete draft by the API. */
  async draft(s, defendant, { court = COURT, more = {} } = {}) {
    const { person } = s
    const d = await this.must(s, 'POST', '/my/drafts', { kind: 'civil', court_id: court })
    const [id, note, chat] = [await this.upload(s, d.id, '身份证.jpg', this.files.jpg), await this.upload(s, d.id, '借条.pdf', this.files.pdf), await this.upload(s, d.id, '转账记录.jpg', this.files.jpg2)]
    const born = (n) => `${n.slice(6, 10)}-${n.slice(10, 12)}-${n.slice(12, 14)}`
    const sex = (n) => (Number(n[16]) % 2 ? 'male' : 'female')
    const content = {
      cause: { code: '108.3', domain: 'civil', edition: '2026', name: '民间借贷纠纷' },
      parties: [
        { id: 'p1', side: 'plaintiff', kind: 'natural', name: person.name, gender: sex(person.id_number), birth: born(person.id_number), phone: person.identifier, domicile: '山东省济南市历下区泉城路188号2单元301室', id_type: 'resident_id', id_number: person.id_number },
        { id: 'p2', side: 'defendant', kind: 'natural', name: defendant.name, gender: sex(defendant.id_number), birth: born(defendant.id_number), phone: defendant.identifier, domicile: '山东省济南市历下区文化东路51号', id_type: 'resident_id', id_number: defendant.id_number },
      ],
      claims: [{ id: 'c1', text: '判令被告归还借款本金 60,000 元', amount_fen: 6_000_000 }, { id: 'c2', text: '诉讼费用由被告承担' }],
      amount_fen: 6_000_000,
      facts: '2024 年 8 月 30 日，被告因资金周转向原告借款 60,000 元，出具借条，约定 2025 年 8 月 31 日前归还。到期后原告多次催要，被告至今未还。',
      jurisdiction: { ground: 'defendant_domicile', place_division: '370102', clause: false, arbitration: false },
      mediation: { know: true, want: 'no' },
      evidence: [
        { id: 'e1', name: '借条', source: '被告出具', purpose: '双方的借款关系和金额', kind: 'documentary', original: true, file_ids: [note.id] },
        { id: 'e2', name: '转账记录', source: '银行手机客户端', purpose: '借款已经交付', kind: 'electronic', original: true, file_ids: [chat.id] },
      ],
      papers: [{ id: 'k1', kind: 'id_copy', party_id: 'p1', file_ids: [id.id] }],
      service: { address: '山东省济南市历下区泉城路188号2单元301室', receiver: person.name, email: 'filer@example.cn', phone: person.identifier, e_service: true, channels: ['platform', 'sms'], understood: true },
      statement: { accepted: true, version: '2025' }, ...more,
    }
    await this.must(s, 'PATCH', `/my/drafts/${d.id}`, content, { 'If-Match': `"${d.version}"` })
    return d.id
  }
  async filing(s, defendant, options) {
    const draft = await this.draft(s, defendant, options)
    const check = await this.must(s, 'GET', `/my/drafts/${draft}/check`)
    const ids = (level) => check.items.filter((i) => i.level === level).map((i) => i.id)
    return this.must(s, 'POST', `/my/drafts/${draft}/submit`, { confirmed: ids('warn'), send_anyway: ids('block') })
  }
  async accepted(s, clerk, defendant, options) {
    const receipt = await this.filing(s, defendant, options)
    const at = `/courts/${receipt.court_id}/filings/${receipt.filing_id}`
    await this.must(clerk, 'POST', `${at}/claim`)
    const f = await this.must(clerk, 'GET', at)
    return this.must(clerk, 'POST', `${at}/accept`, { procedure: 'summary' }, { 'If-Match': `"${f.version}"` })
  }
  /** A browser of one person: signed in when a session is given. Console errors fail the story. */
  async context(kind, session, { lang = 'zh', large = false, allow = [] } = {}) {
    const context = await this.browser.newContext({ ...kind, locale: lang === 'en' ? 'en-GB' : 'zh-CN', timezoneId: 'Asia/Shanghai', serviceWorkers: 'block', acceptDownloads: true })
    context.setDefaultTimeout(15_000)
    if (session) {
      const [name, value] = session.cookie.split('; ')[0].split(/=(.*)/)
      await context.addCookies([{ name, value, url: this.base }])
    }
    await context.addInitScript(([l, big]) => {
      if (location.protocol === 'about:') return
      localStorage.setItem('lianting.lang', l)
      localStorage.setItem('lianting.large', big ? '1' : '0')
      if (!localStorage.getItem('lianting.seen')) localStorage.setItem('lianting.seen', '1')
    }, [lang, large])
    context.errors = []
    context.on('console', (m) => {
      if (m.type() === 'error' && !allow.some((a) => a.test(m.text()))) context.errors.push(`${m.page()?.url() ?? ''}: ${m.text().slice(0, 300)}`)
    })
    context.on('weberror', (e) => context.errors.push(`page error: ${e.error().stack?.slice(0, 400)}`))
    return context
  }
  async makeFiles() {
    const page = await this.browser.newPage({ viewport: { width: 900, height: 1200 } })
    const picture = async (title, lines) => {
      await page.setContent(`<body style="margin:0;font:28px/2.1 'Noto Sans CJK SC',sans-serif;background:#f4f1ea;padding:70px"><h1 style="text-align:center;letter-spacing:.5em">${title}</h1>${lines.map((l) => `<p>${l}</p>`).join('')}</body>`)
      return page.screenshot({ type: 'jpeg', quality: 80 })
    }
    const jpg = await picture('居民身份证', ['（样张，不是真的证件）', '姓名　赵文博', '住址　山东省济南市历下区泉城路 188 号'])
    const jpg2 = await picture('转账凭证', ['付款人　赵文博', '收款人　钱守义', '金额　60,000.00 元', '时间　2024-08-30 14:22:07', '附言　借款'])
    const photo1 = await picture('聊天记录 一', ['甲：八月底能还上吗？', '乙：再给我一个月。'])
    const photo2 = await picture('聊天记录 二', ['甲：已经过期一年了。', '乙：今年一定还。'])
    await page.setContent('<body style="font:18px/2.2 \'Noto Serif CJK SC\',serif;padding:60px"><h1 style="text-align:center">借　条</h1><p>今向赵文博借到人民币陆万元整（¥60,000.00），用于资金周转，定于 2025 年 8 月 31 日前归还。</p><p style="text-align:right">借款人：钱守义<br>2024 年 8 月 30 日</p></body>')
    const pdf = await page.pdf({ format: 'A4' })
    await page.close()
    this.files = { jpg, jpg2, photo1, photo2, pdf }
  }
}

/** Problems of accessibility that count as serious, and sideways overflow. */
export async function inspect(page) {
  await page.addStyleTag({ content: '.tabs-bottom, .act-bar, .top-light { position: static !important } *, *::before, *::after { transition: none !important; animation: none !important }' })
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  await page.evaluate(axeSource)
  const found = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }))
  const serious = found.violations.filter((v) => v.impact === 'serious' || v.impact === 'critical')
  return [
    ...(over > 0 ? [`runs ${over} px off the side`] : []),
    ...serious.map((v) => `${v.id} ×${v.nodes.length} ${v.nodes[0].target} ${v.nodes[0].failureSummary?.split('\n')[1]?.trim() ?? ''}`),
  ]
}
