// A rehearsal server, a browser with invented cameras, and waiting without guessing.
import { spawn } from 'node:child_process'
import dgram from 'node:dgram'
import { mkdtempSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const need = createRequire(new URL('../../web/package.json', import.meta.url))
const here = new URL('.', import.meta.url).pathname
export const sleep = (ms) => new Promise((r) => setTimeout(r, ms))
export function ok(value, what) {
  if (!value) throw new Error(what)
  return value
}
/** Asks until the answer is true; the answer of `tell` explains a failure. */
export async function until(what, ask, { seconds = 60, tell } = {}) {
  let last
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(250)) {
    last = await ask()
    if (last) return last
  }
  throw new Error(`${what}: not within ${seconds} s${tell ? `; ${JSON.stringify(await tell())}` : ''}`)
}

export class Hall {
  static async open(binary, args = []) {
    const hall = new Hall()
    hall.process = spawn(binary, ['--page', here, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    hall.log = ''
    hall.process.stderr.on('data', (d) => (hall.log += d))
    const first = await new Promise((done, fail) => {
      createInterface(hall.process.stdout).once('line', done)
      hall.process.once('exit', (code) => fail(new Error(`the rehearsal server ended (${code}): ${hall.log}`)))
    })
    Object.assign(hall, JSON.parse(first))
    hall.base = `http://${hall.http}/`
    return hall
  }
  async ask(op, more = {}) {
    return (await fetch(this.base, { method: 'POST', body: JSON.stringify({ op, ...more }) })).json()
  }
  async call(op, more) {
    const got = await this.ask(op, more)
    if (got?.error) throw new Error(`${op}: ${got.error} ${got.detail}`)
    return got
  }
  /** One browser for everybody: the promise is kept, or people who come at once would each start their own. */
  browser() {
    this.chromium ??= need('playwright-core').chromium.launch({
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', timeout: 90_000,
      args: ['--headless=new', '--no-sandbox', '--disable-gpu', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', '--autoplay-policy=no-user-gesture-required',
        '--disable-background-networking', '--disable-component-update', '--disable-renderer-backgrounding', '--disable-background-timer-throttling', '--disable-backgrounding-occluded-windows',
        '--allow-loopback-in-peer-connection', `--crash-dumps-dir=${mkdtempSync(join(tmpdir(), 'media-'))}`],
    })
    return this.chromium
  }
  room() {
    this.rooms = (this.rooms ?? 0) + 1
    return this.call('create', { room: this.rooms }).then(() => this.rooms)
  }
  /** Somebody in a page of their own, admitted, not yet connected. */
  async seat(room, participant, options = {}, rights = { audio: 'allowed', video: 'allowed', screen: 'denied' }) {
    await this.call('admit', { room, participant, publish: rights })
    const context = await (await this.browser()).newContext({ permissions: ['camera', 'microphone'] })
    const page = await context.newPage()
    page.setDefaultTimeout(60_000)
    await page.goto(this.base)
    await page.evaluate(([room, participant, options]) => { window.seat = new Seat(room, participant, options) }, [room, participant, options])
    const seat = { room, participant, page, context, hall: this }
    seat.do = (what, ...args) => page.evaluate(([what, args]) => window.seat[what](...args).then((x) => x ?? null), [what, args])
    seat.figures = () => seat.do('figures')
    seat.frames = async (of) => (await seat.figures()).received[`${of}-video`]?.frames ?? 0
    return seat
  }
  /** Everybody sees and hears everybody. */
  all(room, people) {
    return this.call('grant', { room, all: true, grants: people.flatMap((a) => people.filter((b) => b !== a).map((b) => [a, b])) })
  }
  /** People who publish, receive and follow. */
  async meeting(people, options = {}, what = {}) {
    const room = await this.room()
    const seats = await Promise.all(people.map((p) => this.seat(room, p, options)))
    await this.all(room, people)
    await Promise.all(seats.map((s) => s.do('publish', what)))
    await Promise.all(seats.map((s) => s.do('receive')))
    for (const s of seats) await s.page.evaluate(() => window.seat.follow())
    return { room, seats }
  }
  async close() {
    await (await this.chromium)?.close()
    this.process.kill('SIGTERM')
  }
}

/** Frames grow on every leg: each of the seats decodes more of each of the others than before. */
export async function flows(seats, { more = 25, seconds = 60, tracks = (a, b) => (a === b ? [] : [`${b.participant}-video`, `${b.participant}-audio`]) } = {}) {
  const seen = async () => Promise.all(seats.map((s) => s.figures()))
  const count = (f, name) => f.received[name]?.frames ?? (name.endsWith('audio') ? Math.floor((f.received[name]?.packets ?? 0) / 2) : 0)
  const before = await seen()
  return until('frames of every leg', async () => {
    const now = await seen()
    const grown = seats.every((a, i) => seats.every((b) => tracks(a, b).every((name) => count(now[i], name) >= count(before[i], name) + more)))
    return grown && now
  }, { seconds, tell: seen })
}

/** A relay that loses a share of the datagrams both ways. */
export async function lossy(target, share, seed = 7) {
  const [host, port] = target.split(':')
  const random = () => ((seed = (seed * 1103515245 + 12345) & 0x7fffffff) / 0x7fffffff)
  const front = dgram.createSocket('udp4')
  const clients = new Map()
  const counts = { passed: 0, lost: 0 }
  const pass = (send) => (random() < share ? counts.lost++ : (counts.passed++, send()))
  front.on('message', (data, from) => {
    const key = `${from.address}:${from.port}`
    let back = clients.get(key)
    if (!back) {
      back = dgram.createSocket('udp4')
      back.on('message', (answer) => pass(() => front.send(answer, from.port, from.address)))
      clients.set(key, back)
    }
    pass(() => back.send(data, Number(port), host))
  })
  await new Promise((done) => front.bind(0, '127.0.0.1', done))
  return { port: front.address().port, counts, set: (s) => (share = s), close: () => { front.close(); for (const c of clients.values()) c.close() } }
}
