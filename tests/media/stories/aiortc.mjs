// An independent stack (aiortc: its own ICE, DTLS by OpenSSL, SRTP by libsrtp, VP8 by libvpx) decodes what we forward.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { ok } from '../kit.mjs'

const venv = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'lianting/tools/aiortc')
const python = join(venv, 'bin/python')

/** Made once; offline and never made before means: not here. */
function prepare() {
  if (existsSync(python) && spawnSync(python, ['-c', 'import aiortc']).status === 0) return ''
  if (spawnSync('python3', ['-m', 'venv', venv]).status !== 0) return 'no python3 with venv'
  return spawnSync(join(venv, 'bin/pip'), ['install', '-q', 'aiortc>=1.9']).status === 0 ? '' : 'aiortc could not be installed'
}

export const stories = [
  {
    name: 'two peers of aiortc',
    needs: prepare,
    async run(hall) {
      const room = await hall.room()
      const script = new URL('../aiortc_peers.py', import.meta.url).pathname
      const child = spawn(python, [script, hall.base, String(room), '60'], { stdio: ['ignore', 'pipe', 'pipe'] })
      let [out, err] = ['', '']
      child.stdout.on('data', (d) => (out += d))
      child.stderr.on('data', (d) => (err += d))
      const code = await new Promise((done) => child.on('close', done))
      ok(code === 0, `aiortc ended with ${code}: ${err.slice(-1500)}`)
      const got = JSON.parse(out.trim().split('\n').at(-1))
      ok(got.enough, `frames: ${out} ${err.slice(-800)} ${JSON.stringify(await hall.call('stats', { room }))}`)
      return JSON.stringify(got.frames)
    },
  },
]
