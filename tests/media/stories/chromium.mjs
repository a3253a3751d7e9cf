// Three Chromium pages with invented cameras; frames are decoded on every leg.
import { flows, lossy, ok, until } from '../kit.mjs'

const people = [1, 2, 3]
const pairs = (figures) => figures.map((f) => f.pair.sub)
const told = (figures) => figures.map((f) => Object.entries(f.received).filter(([k]) => k.endsWith('video')).map(([k, v]) => `${k}=${v.frames}f/${v.nacks}n`).join(' ')).join(' | ')

export const stories = [
  {
    name: 'three over UDP',
    async run(hall) {
      const { room, seats } = await hall.meeting(people)
      const figures = await flows(seats, { more: 60 })
      ok(pairs(figures).every((p) => p.includes(`udp:${hall.media.split(':')[1]}`)), `one UDP port: ${pairs(figures)}`)
      const tap = await hall.call('tap', { room })
      ok(people.every((p) => tap.packets[`${p}-video`] > 50 && tap.packets[`${p}-audio`] > 50) && tap.reports > 3, `the recorder's copy: ${JSON.stringify(tap)}`)
      const stats = await hall.call('stats', { room })
      ok(stats.participants.every((p) => p.received.some((r) => r.round_trip_ms !== null)), `round trips: ${JSON.stringify(stats.participants[0].received)}`)
      return `${told(figures)}; ${figures[0].pair['sub-cipher']}; rtt ${stats.participants[0].received.map((r) => r.round_trip_ms?.toFixed(1))} ms`
    },
  },
  {
    name: 'three over TCP only',
    async run(hall) {
      const { seats } = await hall.meeting(people, { transport: 'tcp' })
      const figures = await flows(seats, { more: 60 })
      ok(figures.every((f) => f.pair.sub.includes('tcp:') && f.pair.pub.includes('tcp:')), `TCP: ${JSON.stringify(pairs(figures))}`)
      return told(figures)
    },
  },
  {
    name: 'three with 5 % lost both ways',
    async run(hall) {
      const relay = await lossy(hall.media, 0.05)
      const { room, seats } = await hall.meeting(people, { transport: 'udp', port: relay.port })
      const figures = await flows(seats, { more: 150, seconds: 90 })
      ok(relay.counts.lost > 200, `lost ${relay.counts.lost}`)
      const nacks = figures.flatMap((f) => Object.entries(f.received).filter(([k]) => k.endsWith('video')).map(([, v]) => v.nacks))
      ok(nacks.every((n) => n > 0), `receivers asked again: ${nacks}`)
      const again = figures.map((f) => f.sent.video?.again ?? 0)
      ok(again.every((n) => n > 0), `publishers sent again: ${again}`)
      const stats = await hall.call('stats', { room })
      relay.close()
      return `${told(figures)}; repeated by browsers ${again}; asked by us ${stats.participants.map((p) => p.sent.find((s) => s.kind === 'video')?.nacks)}; of ${relay.counts.passed + relay.counts.lost} datagrams ${relay.counts.lost} lost`
    },
  },
  {
    name: 'twelve connections come up while a fifth of everything is lost',
    async run(hall) {
      const relay = await lossy(hall.media, 0.2)
      const room = await hall.room()
      const seats = await Promise.all(people.map((p) => hall.seat(room, p, { transport: 'udp', port: relay.port })))
      const took = []
      for (let round = 0; round < 4; round++) {
        await Promise.all(seats.map(async (s) => {
          const from = Date.now()
          await s.do('publish', { video: false })
          await until('a connection', async () => (await s.figures())['pub-state'].endsWith(' connected'), { seconds: 20, tell: () => s.figures() })
          took.push(Date.now() - from)
          await s.page.evaluate(() => window.seat.pub.close())
        }))
      }
      relay.close()
      return `${took.sort((a, b) => a - b).join(' ')} ms`
    },
  },
  {
    name: 'who has no right gets no packet; mute; a screen',
    async run(hall) {
      const room = await hall.room()
      const [judge, party, witness] = await Promise.all(people.map((p) => hall.seat(room, p)))
      const seats = [judge, party, witness]
      // the witness waits: hears nobody, and only the judge's side sees the witness
      await hall.call('grant', { room, all: true, grants: [[1, 2], [2, 1], [1, 3]] })
      await Promise.all(seats.map((s) => s.do('publish')))
      await judge.do('receive')
      await party.do('receive')
      for (const s of seats) await s.page.evaluate(() => window.seat.follow())
      await flows([judge, party], { more: 40 })
      await until('the judge sees the witness', async () => (await judge.frames(3)) > 20)
      ok((await hall.call('offer', { room, participant: 3, begin: 'anew' })) === null, 'nothing is offered to the witness')
      ok(!(await party.figures()).received['3-video'], 'the party has nothing of the witness')
      const others = (await hall.call('stats', { room })).participants
      ok(others.find((p) => p.participant === 3).received.length === 0, 'no leg to the witness')
      ok(!(await party.page.evaluate(() => window.seat.offered)).includes('00000003'), 'the witness is not named to the party')
      // called in
      await hall.all(room, people)
      await witness.do('receive')
      await flows(seats, { more: 25 })
      // called out again: not one packet more
      await hall.call('grant', { room, all: true, grants: [[1, 2], [2, 1]] })
      const packets = async () => Object.values((await witness.figures()).received).reduce((n, r) => n + r.packets, 0)
      const sent = await packets()
      await flows([judge, party], { more: 50 })
      ok((await packets()) - sent <= 3, `after being called out: ${(await packets()) - sent} packets`)
      // the judge mutes the party: at once nothing more, and back at once
      const counts = async () => (await judge.figures()).received
      await hall.call('rights', { room, participant: 2, publish: { audio: 'muted', video: 'allowed', screen: 'denied' } })
      const muted = (await counts())['2-audio'].packets
      const tapped = (await hall.call('tap', { room })).packets['2-audio']
      await flows([judge, party], { more: 50, tracks: (a, b) => (a === judge && b === party ? ['2-video'] : []) })
      ok((await counts())['2-audio'].packets - muted <= 3, 'muted means no packet')
      ok((await hall.call('tap', { room })).packets['2-audio'] - tapped <= 3, 'nor a recorded one')
      await hall.call('rights', { room, participant: 2, publish: { audio: 'allowed', video: 'allowed', screen: 'allowed' } })
      await flows([judge, party], { more: 25 })
      // a shared screen beside the camera
      await party.do('share')
      await until('the judge sees the screen', async () => ((await counts())['2-screen']?.frames ?? 0) > 10, { tell: counts })
      await until('the screen is recorded', async () => ((await hall.call('tap', { room })).packets['2-screen'] ?? 0) > 10)
      // denied rights are looked at again in every offer
      await hall.call('rights', { room, participant: 2, publish: { audio: 'allowed', video: 'allowed', screen: 'denied' } })
      await party.do('offer')
      ok((await party.page.evaluate(() => window.seat.answered)).split('m=').at(-1).includes('a=inactive'), 'the screen is answered as inactive')
    },
  },
  {
    name: 'layers: the receiver gets what its page and its line bear',
    async run(hall) {
      const relay = await lossy(hall.media, 0)
      const room = await hall.room()
      const [one, two] = await Promise.all([hall.seat(room, 1), hall.seat(room, 2, { transport: 'udp', port: relay.port })])
      await hall.all(room, [1, 2])
      await one.do('publish', { simulcast: true, width: 1280, height: 720 })
      await two.do('publish')
      await one.do('receive')
      await two.do('receive')
      const layer = async () => (await hall.call('stats', { room })).participants.find((p) => p.participant === 2).received.find((r) => r.kind === 'video')?.layer
      const layers = async () => (await hall.call('stats', { room })).participants.find((p) => p.participant === 1).sent.filter((s) => s.kind === 'video').map((s) => s.layer)
      await until('several layers come', async () => (await layers()).length >= 2, { tell: () => one.figures() })
      const best = await until('a better layer is chosen', async () => ((await layer()) > 0 ? [await layer()] : false), { tell: () => hall.call('stats', { room }) })
      // the largest comes when the browser found room for it; that is the browser's to decide
      await until('the largest', async () => (await layer()) === 2, { seconds: 20 }).catch(() => {})
      const wide = (await two.figures()).received['1-video'].width
      await hall.call('cap', { room, participant: 2, publisher: 1, layer: 0 })
      await until('a small picture on the page: the small layer', async () => (await layer()) === 0)
      const frames = await two.frames(1)
      await until('it goes on after the change', async () => (await two.frames(1)) > frames + 40)
      const small = (await two.figures()).received['1-video']
      ok(small.width < wide, `${wide} became ${small.width}`)
      await hall.call('cap', { room, participant: 2, publisher: 1, layer: 2 })
      await until('and back', async () => (await layer()) > 0)
      // the line becomes bad: heavy loss brings the layer down, audio goes on
      relay.set(0.25)
      await until('loss brings it down', async () => [0, null].includes(await layer()), { seconds: 90, tell: () => hall.call('stats', { room }) })
      relay.close()
      return `layers ${await layers()}, first up ${best}, ${wide} px and ${small.width} px wide`
    },
  },
  {
    name: 'reconnect: ICE restart on both connections, and coming back anew',
    async run(hall) {
      const { room, seats } = await hall.meeting([1, 2])
      await flows(seats, { more: 25 })
      await seats[0].do('restartPublish')
      await seats[0].do('receive', 'restart')
      const figures = await flows(seats, { more: 40 })
      ok(figures[0]['pub-state'].endsWith('connected') && figures[0]['sub-state'].endsWith('connected'), JSON.stringify(figures[0]))
      // the page is loaded again: same seat, new connections
      await seats[0].page.reload()
      await hall.call('admit', { room, participant: 1, publish: { audio: 'allowed', video: 'allowed' } })
      await seats[0].page.evaluate(([room]) => { window.seat = new Seat(room, 1) }, [room])
      await seats[0].do('publish')
      await seats[0].do('receive')
      await seats[0].page.evaluate(() => window.seat.follow())
      await flows(seats, { more: 40 })
      const events = await hall.call('events')
      ok(events.filter((e) => e.startsWith('Disconnected') && /replaced|closed by the peer/.test(e)).length >= 2, 'the old connections were ended')
      ok((await hall.ask('admit', { room, participant: 9, ticket: 5, publish: {} })).error === undefined, 'a ticket')
      ok((await hall.ask('admit', { room, participant: 9, ticket: 5, publish: {} })).error === 'media.ticket_used', 'counts once')
    },
  },
  {
    name: 'a fault in one room leaves the other alone',
    panics: true,
    async run(hall) {
      const { seats } = await hall.meeting([1, 2])
      await flows(seats, { more: 25 })
      const broken = await hall.room()
      await hall.call('admit', { room: broken, participant: 1, publish: { audio: 'allowed' } })
      ok((await hall.ask('break', { room: broken })).error === 'media.room_failed', 'the room failed')
      ok((await hall.ask('stats', { room: broken })).error === 'media.no_room', 'and is gone')
      ok((await hall.call('events')).some((e) => e.startsWith('RoomFailed')), 'and was reported')
      await flows(seats, { more: 40 })
    },
  },
]
