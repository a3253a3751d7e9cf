// A pause (nobody may send or receive) and on again: every picture comes back, in every browser.
import { flows, until } from '../kit.mjs'

const people = [1, 2, 3]
const rights = (right) => ({ audio: right, video: right, screen: 'denied' })

export const stories = [
  {
    name: 'after a pause every picture comes again',
    async run(hall) {
      const { room, seats } = await hall.meeting(people, {}, { simulcast: true, width: 960, height: 540 })
      await flows(seats, { more: 25 })
      const told = []
      for (let n = 0; n < 3; n++) {
        await hall.call('grant', { room, all: true, grants: [] })
        for (const participant of people) await hall.call('rights', { room, participant, publish: rights('muted') })
        await until('nobody receives', async () => (await hall.call('stats', { room })).participants.every((p) => p.received.length === 0))
        await new Promise((r) => setTimeout(r, n * 2000))
        const from = Date.now()
        await hall.all(room, people)
        for (const participant of people) await hall.call('rights', { room, participant, publish: rights('allowed') })
        // as pages do: whoever sees the state change offers anew what it sends
        await Promise.all(seats.map((s) => s.do('offer')))
        await flows(seats, { more: 10, seconds: 40 }).catch(async (e) => {
          const stats = await hall.call('stats', { room })
          throw new Error(`${e.message}\n    ${JSON.stringify(stats.participants.map((p) => [p.participant, Math.round(p.estimate / 1000), p.received.map((r) => `${r.publisher}${r.kind[0]}${r.layer}`).join(' '), p.sent.map((s) => `${s.kind[0]}${s.layer}:${Math.round(s.bitrate / 1000)}`).join(' ')]))}`)
        })
        const { participants } = await hall.call('stats', { room })
        told.push(`${Date.now() - from} ms, believed ${participants.map((p) => Math.round(p.estimate / 1000)).join('/')} kb/s`)
      }
      return told.join('; ')
    },
  },
]
