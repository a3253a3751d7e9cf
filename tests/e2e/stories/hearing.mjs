// The hearing, as issue 4 tells it: judge, clerk and plaintiff at windows, the defendant on a phone; from the waiting room to the
// signed record. Sound and pictures are real (Chromium's own test devices), through the server's media engine.
import { DESK, PHONE, ok, sleep } from '../kit.mjs'

const EXPECTED = [/status of 40[349]/, /ERR_INTERNET_DISCONNECTED/, /WebSocket connection/]
const dialog = (page) => page.getByRole('dialog').last()
/** Pictures that move in this page: decoded frames grow. */
async function moving(page, least, ms = 25_000) {
  const until = Date.now() + ms
  const frames = () => page.evaluate(() => [...document.querySelectorAll('video')].map((v) => v.getVideoPlaybackQuality().totalVideoFrames))
  for (let before = await frames(); ; ) {
    await sleep(1_000)
    const after = await frames()
    const n = after.filter((f, i) => f > (before[i] ?? 0)).length
    if (n >= least) return n
    if (Date.now() > until) throw new Error(`${n} of ${least} pictures move in ${page.url()}`)
    before = after
  }
}
const person = (world, seat) => ok(world.people.find((p) => p.identifier === seat.identifier), `demo.json does not know ${seat.name}`)
const seatOf = (h, role, side) => ok(h.people.find((p) => p.role === role && (!side || p.side === side)), `no ${role} in the demo's hearing`)

export const cast = async (world) => {
  const hearing = ok(world.hearings.find((h) => h.held === 'online' && h.kind === 'trial'), 'the demo has no trial to walk into')
  const who = { judge: seatOf(hearing, 'sole_judge'), clerk: seatOf(hearing, 'clerk'), plaintiff: seatOf(hearing, 'party', 'plaintiff'), defendant: seatOf(hearing, 'party', 'defendant') }
  const sessions = {}
  for (const [k, seat] of Object.entries(who)) sessions[k] = await world.session(person(world, seat))
  return { hearing, who, sessions, at: `/courts/${hearing.court}/hearings/${hearing.hearing_id}`, path: `/hearings/${hearing.court}/${hearing.hearing_id}` }
}
async function enter(world, session, kind, path) {
  const context = await world.context(kind, session, { allow: EXPECTED })
  await context.grantPermissions(['camera', 'microphone'], { origin: world.base })
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  await page.goto(`${world.base}${path}/room`)
  return page
}
async function step(page, name, { fill, choose } = {}) {
  await page.getByRole('button', { name }).last().click()
  const d = dialog(page)
  await d.waitFor()
  if (fill) for (const [label, text] of Object.entries(fill)) if (await d.getByLabel(label).count()) await d.getByLabel(label).fill(text)
  if (choose) await d.getByText(choose, { exact: true }).click()
  await d.getByRole('button', { name }).click()
  await d.waitFor({ state: 'hidden' })
}
/** Writes a name in the box, by finger. */
export async function write(page) {
  const pad = page.locator('[data-pad]')
  await pad.scrollIntoViewIfNeeded()
  const box = await pad.boundingBox()
  for (const row of [0.3, 0.5, 0.7]) {
    await page.mouse.move(box.x + box.width * 0.2, box.y + box.height * row)
    await page.mouse.down()
    for (let i = 0; i < 16; i++) await page.mouse.move(box.x + box.width * (0.2 + i * 0.035), box.y + box.height * (row + 0.06 * Math.sin(i)))
    await page.mouse.up()
  }
}

export const stories = [
  {
    name: 'wait, open, see one another, record, show, drop and come back, adjourn, resume, end',
    async run(world) {
      const { hearing, sessions, at, path } = await cast(world)
      const now = await world.must(sessions.clerk, 'GET', at)
      if (now.summary.state === 'scheduled') await world.must(sessions.clerk, 'POST', `${at}/steps`, { version: now.summary.version, step: 'open_waiting' })

      const judge = await enter(world, sessions.judge, DESK, path)
      const clerk = await enter(world, sessions.clerk, DESK, path)
      const plaintiff = await enter(world, sessions.plaintiff, DESK, path)
      const phone = await enter(world, sessions.defendant, PHONE, path)
      await judge.locator('[data-court]').waitFor()
      await clerk.locator('[data-court]').waitFor()
      await plaintiff.locator('[data-party]').waitFor()
      await phone.locator('[data-party]').waitFor()
      await phone.getByText('候庭室').first().waitFor()
      await world.shot(phone, 'hearing-phone-waiting')

      // Opened by the judge; what may be set aside is, with a reason. The dot is the recorder's.
      await step(judge, /^开庭/, { fill: { 仍要开庭的理由: '身份已经当庭核对，当事人均同意开庭' } })
      await phone.getByText('正在录音录像').waitFor({ timeout: 30_000 })
      await judge.getByText('录像正常，正在接收').waitFor()
      await moving(phone, 2)
      await moving(judge, 3)
      await world.shot(judge, 'hearing-judge')
      await world.shot(phone, 'hearing-phone')

      // The defendant asks to speak, the judge lets him.
      await phone.getByRole('button', { name: '请求发言' }).click()
      await judge.locator('[data-hands]').getByRole('button', { name: /准许/ }).click()
      await phone.getByRole('button', { name: '取消请求' }).click()

      // One drops and comes back without a hand.
      await phone.context().setOffline(true)
      await phone.locator('[data-lost]').waitFor()
      await world.shot(phone, 'hearing-phone-lost')
      const back = Date.now()
      await phone.context().setOffline(false)
      await phone.locator('[data-lost]').waitFor({ state: 'hidden' })
      ok(Date.now() - back < 8_000, `back after ${Date.now() - back} ms`)
      await moving(phone, 2)

      // A stage further, a pause, on again; then the end.
      await judge.locator('[data-forward]').click()
      await judge.getByRole('listitem').filter({ hasText: '诉辩' }).and(judge.locator('[aria-current=step]')).waitFor()
      await step(judge, /^休庭/)
      await phone.getByText('休庭中').waitFor()
      await judge.getByText('录像已暂停').waitFor()
      await step(judge, /^恢复开庭/)
      await phone.getByText('正在录音录像').waitFor({ timeout: 30_000 })
      await moving(phone, 2)
      await step(judge, /^结束庭审/, { choose: '审理完毕' })
      await phone.getByText('庭审已结束').waitFor()
      await moving(phone, 1)
      const ended = await world.must(sessions.judge, 'GET', at)
      ok(ended.summary.state === 'ended', `state ${ended.summary.state}`)
      ok(hearing.case_number === ended.summary.case_number, 'another case')
      for (const p of [judge, clerk, plaintiff, phone]) {
        ok(!p.context().errors.length, p.context().errors.join('\n'))
        await p.context().close()
      }
    },
  },
]
