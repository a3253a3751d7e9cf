// A demo of a story's own, on a free port with fresh data, that can be stopped and started again days later: every
// process of it (server, database, the outside world) then runs under Debian's faketime.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, chmodSync, readFileSync, rmSync, openSync } from 'node:fs'
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
    const [command, words] = this.days ? ['faketime', ['-f', `+${this.days}d`, program, ...args]] : [program, args]
    this.process = spawn(command, words, { env, stdio: ['ignore', log, log] })
    this.ended = new Promise((yes) => this.process.on('exit', yes))
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
    this.process.kill('SIGKILL')
    await this.ended
    return at
  }
  /** Where the demo keeps its seals, for whoever checks a paper. */
  seals() {
    return join(this.dir, 'var', 'seals')
  }
  async rest() {
    this.process?.kill('SIGTERM')
    await Promise.race([this.ended, sleep(20_000)])
  }
  async end() {
    await this.rest()
    rmSync(this.dir, { recursive: true, force: true })
  }
}
