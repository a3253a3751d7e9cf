// A demo of a story's own, on a free port with fresh data, that can be stopped and started again days later: every
// process of it (server, database, the outside world) then runs under Debian's faketime.
//
// faketime stays above the program it starts and hands no signal down to it: who ends faketime alone leaves a server of
// the day before on the port, whose clock takes no code of today's. So the program tells its own number.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, chmodSync, closeSync, readFileSync, rmSync, openSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { World, ok, sleep } from './kit.mjs'

const DAY = 86_400_000
const freePort = () => new Promise((yes) => {
  const s = createServer().listen(0, '127.0.0.1', () => {
    const { port } = s.address()
    s.close(() => yes(port))
  })
})

export class OwnDemo {
  static async start(world) {
    const dir = mkdtempSync(join(tmpdir(), 'lianting-story-'))
    chmodSync(dir, 0o755)
    const demo = new OwnDemo()
    Object.assign(demo, { dir, port: await freePort(), browser: world.browser, files: world.files, days: 0 })
    await demo.serve()
    return demo
  }
  async serve() {
    const program = ok(process.env.LIANTING_BIN, 'LIANTING_BIN names the server to run')
    const args = ['demo', '--port', String(this.port), '--data-dir', join(this.dir, 'var')]
    const log = openSync(join(this.dir, 'demo.log'), 'a')
    const env = { ...process.env, LIANTING_SIGN_IN_PER_MINUTE: '0', LIANTING_RATE_PER_ADDRESS: '0', LIANTING_RATE_PER_PERSON: '0' }
    rmSync(this.number, { force: true })
    const itself = ['sh', '-c', 'echo $$ > "$0.new" && mv "$0.new" "$0" && exec "$@"', this.number, program, ...args]
    const [command, ...words] = this.days ? ['faketime', '-f', `+${this.days}d`, ...itself] : itself
    this.process = spawn(command, words, { env, stdio: ['ignore', log, log] })
    closeSync(log)
    this.ended = new Promise((yes) => this.process.on('exit', () => yes(true)))
    this.process.on('error', (e) => (this.fault = e))
    const file = join(this.dir, 'var', 'demo.json')
    const base = `http://127.0.0.1:${this.port}`
    for (let i = 0; i < 600; i++) {
      if (this.fault || this.process.exitCode !== null) throw new Error(`the demo did not start: ${this.fault ?? readFileSync(join(this.dir, 'demo.log'), 'utf8').slice(-600)}`)
      if (existsSync(file) && (await fetch(`${base}/readyz`).then((r) => r.ok, () => false))) break
      await sleep(200)
    }
    const told = JSON.parse(readFileSync(file, 'utf8'))
    const world = new World(base, told.phone_url, told.people)
    Object.assign(world, { browser: this.browser, files: this.files, hearings: told.hearings ?? [], offset: this.days * DAY })
    this.world = world
    return world
  }
  /** Some days later: everybody signs in anew. */
  async later(days) {
    await this.rest()
    this.days += days
    return this.serve()
  }
  /** Killed as by the machine, and everything it started with it. Answers when. */
  async crash() {
    const at = Date.now()
    this.signal('SIGKILL')
    await this.ended
    return at
  }
  /** Where the demo keeps its seals, for whoever checks a paper. */
  seals() {
    return join(this.dir, 'var', 'seals')
  }
  get number() {
    return join(this.dir, 'demo.pid')
  }
  signal(name) {
    try {
      process.kill(Number(readFileSync(this.number, 'utf8')), name)
    } catch (e) {
      if (e.code !== 'ENOENT' && e.code !== 'ESRCH') throw e
    }
  }
  async rest() {
    if (!this.process || this.process.exitCode !== null) return
    this.signal('SIGTERM')
    if (await Promise.race([this.ended, sleep(30_000)])) return
    this.signal('SIGKILL')
    ok(await Promise.race([this.ended, sleep(5_000)]), 'the demo does not end')
  }
  async end() {
    await this.rest()
    rmSync(this.dir, { recursive: true, force: true })
  }
}
