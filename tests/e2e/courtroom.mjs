// What the stories of the hearing share: who sits where, coming into the room, seeing that pictures move, taking a step.
import { DESK, PHONE, ok, sleep } from './kit.mjs'

/** What a page may complain of while it is cut off, or while its server is away. */
export const EXPECTED = [/status of 40[349]/, /status of 50[234]/, /ERR_(INTERNET_DISCONNECTED|CONNECTION_\w+|EMPTY_RESPONSE|INCOMPLETE_CHUNKED_ENCODING|NETWORK_CHANGED)/, /WebSocket connection/]
export const dialog = (page) => page.getByRole('dialog').last()

/** Somebody's window on a page of the hearing, with camera and microphone. */
export async function enter(world, session, kind, path) {
  const context = await world.context(kind, session, { allow: EXPECTED })
  await context.grantPermissions(['camera', 'microphone'], { origin: world.base })
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  await page.goto(`${world.base}${path}`)
  return page
}
/** Leaves a page, with nothing in its console. */
export async function leave(page) {
  ok(!page.context().errors.length, page.context().errors.join('\n'))
  await page.context().close()
}
/** Pictures that move in this page: decoded frames grow. */
export async function moving(page, least, ms = 40_000) {
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
/** A step of the course, by its button and what its dialog asks. */
export async function step(page, name, { choose } = {}) {
  await page.getByRole('button', { name }).last().click()
  const d = dialog(page)
  await d.waitFor()
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
/** Pages of these people in the room: judge, clerk and plaintiff at desks, the defendant on a phone. */
export async function seated(world, sessions, path) {
  const at = {}
  for (const [who, kind] of [['judge', DESK], ['clerk', DESK], ['plaintiff', DESK], ['defendant', PHONE]]) at[who] = await enter(world, sessions[who], kind, `${path}/room`)
  await at.judge.locator('[data-court]').waitFor()
  await at.clerk.locator('[data-court]').waitFor()
  await at.plaintiff.locator('[data-party]').waitFor()
  await at.defendant.locator('[data-party]').waitFor()
  return at
}
