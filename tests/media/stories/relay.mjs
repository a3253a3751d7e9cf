// Through coturn: the browsers may use nothing but the relay, with credentials that we make and that end.
import { spawn, spawnSync } from 'node:child_process'
import { createServer } from 'node:net'
import { mkdtempSync } from 'node:fs'
import { networkInterfaces, tmpdir } from 'node:os'
import { flows, ok, sleep } from '../kit.mjs'

const freePort = () => new Promise((done) => { const s = createServer().listen(0, '127.0.0.1', () => { const { port } = s.address(); s.close(() => done(port)) }) })
// a browser uses no relay on its own loopback: both relay and server stand on the machine's own address
const address = Object.values(networkInterfaces()).flat().find((a) => a.family === 'IPv4' && !a.internal)?.address
const secret = 'rehearsal-secret-of-thirty-two-signs'

export const stories = [
  {
    name: 'two over coturn',
    needs: () => (spawnSync('turnserver', ['--version']).error ? 'coturn is not installed' : address ? '' : 'no address but loopback'),
    args: () => ['--ip', address],
    async run(hall) {
      const port = await freePort()
      const turn = spawn('turnserver', ['-n', '--use-auth-secret', `--static-auth-secret=${secret}`, '--realm=court.example', `--listening-ip=${address}`, `--relay-ip=${address}`,
        `--listening-port=${port}`, '--no-tls', '--no-dtls', '--no-cli', '--no-tcp-relay', '--denied-peer-ip=0.0.0.0-255.255.255.255', `--allowed-peer-ip=${address}`,
        '--log-file=stdout', '--simple-log', '--pidfile=/dev/null', '--userdb=' + mkdtempSync(`${tmpdir()}/turn-`) + '/db'], { stdio: ['ignore', 'pipe', 'pipe'] })
      let log = ''
      turn.stdout.on('data', (d) => (log += d))
      turn.stderr.on('data', (d) => (log += d))
      try {
        await sleep(1500)
        ok(turn.exitCode === null, `coturn: ${log.slice(-600)}`)
        const made = await hall.call('relay', { secret })
        const iceServers = ['udp', 'tcp'].map((t) => ({ urls: `turn:${address}:${port}?transport=${t}`, ...made }))
        const { seats } = await hall.meeting([1, 2], { relay: true, transport: 'udp', iceServers })
        const figures = await flows(seats, { more: 50, seconds: 90 })
        ok(figures.every((f) => f.pair.sub.startsWith('relay/') && f.pair.pub.startsWith('relay/')), `relayed: ${JSON.stringify(figures.map((f) => f.pair))}`)
        // wrong credentials get no relay
        const wrong = await hall.call('relay', { secret: 'another secret' })
        const got = await seats[0].page.evaluate(async ([port, wrong, address]) => {
          const pc = new RTCPeerConnection({ iceServers: [{ urls: `turn:${address}:${port}?transport=udp`, ...wrong }], iceTransportPolicy: 'relay' })
          pc.createDataChannel('x')
          let found = 0
          pc.onicecandidate = (e) => (found += e.candidate?.candidate ? 1 : 0)
          await pc.setLocalDescription()
          await new Promise((done) => { pc.onicegatheringstatechange = () => pc.iceGatheringState === 'complete' && done(); setTimeout(done, 8000) })
          pc.close()
          return found
        }, [port, wrong, address])
        ok(got === 0, 'a wrong secret makes no relay')
        return figures.map((f) => f.pair.sub).join(', ')
      } catch (error) {
        throw new Error(`${error.message}\n    coturn: ${log.slice(-700)}`)
      } finally {
        turn.kill('SIGTERM')
      }
    },
  },
]
