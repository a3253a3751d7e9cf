// 回声: sound and picture of a real browser go to the media server and come back, over UDP and over TCP alone; the server
// says what it measured. (Through a relay: tests/media/stories/relay.mjs and tests/it/story_room_echo.rs.)
import { DESK, ok } from '../kit.mjs'

/** One test in the page; `way`: which of the server's candidates are left. */
const test = (page, way) => page.evaluate(async (way) => {
  const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/api/my/media-test`)
  const only = (sdp) => sdp.split('\r\n').filter((l) => !l.startsWith('a=candidate') || l.split(' ')[2] === way).join('\r\n')
  let ice = null
  let down = null
  let figures = null
  const heard = new Promise((yes, no) => {
    socket.onclose = () => no(new Error('the test ended early'))
    socket.onmessage = async (e) => {
      const m = JSON.parse(e.data)
      if (m.type === 'hello') yes((ice = m.ice))
      if (m.type === 'figures') figures = m
      if (m.type === 'refused') no(new Error(m.code))
      if (m.type === 'published') await up.setRemoteDescription({ type: 'answer', sdp: only(m.sdp) })
      if (m.type === 'offer') {
        down ??= new RTCPeerConnection({ bundlePolicy: 'max-bundle' })
        await down.setRemoteDescription({ type: 'offer', sdp: only(m.sdp) })
        await down.setLocalDescription()
        socket.send(JSON.stringify({ type: 'answer', version: m.version, sdp: down.localDescription.sdp }))
      }
    }
  })
  await heard
  const up = new RTCPeerConnection({ bundlePolicy: 'max-bundle', iceServers: ice?.urls ? [ice] : [] })
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 640, height: 360 } })
  for (const track of stream.getTracks()) up.addTransceiver(track, { direction: 'sendonly' })
  await up.setLocalDescription()
  const tracks = up.getTransceivers().map((t) => [t.mid, t.sender.track.kind])
  socket.send(JSON.stringify({ type: 'publish', n: 1, sdp: up.localDescription.sdp, tracks }))
  const back = async () => {
    const seen = { frames: 0, sound: 0 }
    for (const s of (await down?.getStats())?.values() ?? []) {
      if (s.type === 'inbound-rtp' && s.kind === 'video') seen.frames = s.framesDecoded
      if (s.type === 'inbound-rtp' && s.kind === 'audio') seen.sound = s.packetsReceived
    }
    return seen
  }
  let seen = {}
  for (const end = Date.now() + 40_000; Date.now() < end; await new Promise((r) => setTimeout(r, 300))) {
    seen = await back()
    if (seen.frames > 25 && seen.sound > 50 && figures?.up.kbps > 0 && figures?.down.packets > 50) break
  }
  for (const t of stream.getTracks()) t.stop()
  socket.onclose = null
  socket.close()
  up.close()
  down?.close()
  return { seen, figures }
}, way)

export const stories = [
  {
    name: 'the media server gives back what a browser sends, over UDP and over TCP alone',
    async run(world) {
      const context = await world.context(DESK, await world.session(world.person('party')))
      await context.grantPermissions(['camera', 'microphone'], { origin: world.base })
      const page = await context.newPage()
      await page.goto(`${world.base}/`)
      for (const way of ['udp', 'tcp']) {
        const { seen, figures } = await test(page, way)
        ok(seen.frames > 25 && seen.sound > 50, `${way}: came back ${JSON.stringify({ seen, figures })}`)
        ok(figures.up.audio && figures.up.video && figures.up.tcp === (way === 'tcp') && figures.down.tcp === (way === 'tcp'), `${way}: ${JSON.stringify(figures)}`)
      }
    },
  },
]
