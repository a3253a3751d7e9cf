// Firefox and Chromium in one room. Firefox is not driven: its page acts by itself and reports.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { ok, until } from '../kit.mjs'

const firefox = ['firefox-esr', 'firefox'].find((name) => !spawnSync(name, ['--version']).error)
const address = Object.values(networkInterfaces()).flat().find((a) => a.family === 'IPv4' && !a.internal)?.address
const prefs = {
  'media.navigator.streams.fake': true, 'media.navigator.permission.disabled': true, 'media.peerconnection.ice.loopback': true, 'media.peerconnection.ice.obfuscate_host_addresses': false,
  'media.autoplay.default': 0, 'browser.shell.checkDefaultBrowser': false, 'browser.aboutwelcome.enabled': false, 'datareporting.policy.dataSubmissionEnabled': false, 'toolkit.telemetry.enabled': false,
  'app.update.enabled': false, 'browser.tabs.remote.autostart': true, 'network.captive-portal-service.enabled': false, 'network.connectivity-service.enabled': false,
}

export const stories = [
  {
    name: 'Firefox and Chromium see and hear each other',
    needs: () => (firefox ? '' : 'no Firefox'),
    args: () => ['--ip', address ?? '127.0.0.1'],
    async run(hall) {
      const room = await hall.room()
      const profile = mkdtempSync(join(tmpdir(), 'firefox-'))
      writeFileSync(join(profile, 'user.js'), Object.entries(prefs).map(([k, v]) => `user_pref(${JSON.stringify(k)}, ${v});`).join('\n'))
      await hall.call('admit', { room, participant: 1, publish: { audio: 'allowed', video: 'allowed' } })
      const child = spawn(firefox, ['--headless', '--no-remote', '--profile', profile, `${hall.base}#${room},1`], { stdio: 'ignore', env: { ...process.env, HOME: profile } })
      try {
        const chrome = await hall.seat(room, 2)
        await hall.all(room, [1, 2])
        await chrome.do('publish')
        const reported = () => hall.call('reported', { room, participant: 1 })
        await until('Firefox publishes', async () => {
          const got = await reported()
          ok(!got?.failed, `in Firefox: ${got?.failed}`)
          return got?.sent?.video?.packets > 0 || got?.sent?.audio?.packets > 0
        }, { seconds: 90, tell: reported })
        await chrome.do('receive')
        await chrome.page.evaluate(() => window.seat.follow())
        await until('Chromium decodes Firefox', async () => (await chrome.frames(1)) > 60, { seconds: 60, tell: () => chrome.figures() })
        const theirs = await until('Firefox decodes Chromium', async () => {
          const got = await reported()
          return got.received?.['2-video']?.frames > 60 && got.received?.['2-audio']?.packets > 60 && got
        }, { seconds: 60, tell: reported })
        const ours = (await chrome.figures()).received
        ok(ours['1-audio'].packets > 60, 'and hears it')
        return `Chromium decoded ${ours['1-video'].frames}, Firefox ${theirs.received['2-video'].frames} frames`
      } finally {
        child.kill('SIGTERM')
        await new Promise((done) => child.once('exit', done))
        rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
      }
    },
  },
]
