// The hearing, as issue 4 tells it: judge, clerk and plaintiff at windows, the defendant on a phone; from the waiting room to the
// signed record. Sound and pictures are real (Chromium's own test devices), through the server's media engine.
import { DESK, PHONE, ok, sleep } from '../kit.mjs'

const EXPECTED = [/status of 40[349]/, /ERR_INTERNET_DISCONNECTED/, /WebSocket connection/]
const LENT = '原告向被告出借六万元，被告出具了借条，到期没有归还。'
const PAID = '借款属实，我已经还过两万元。'
const UNRELATED = '借条上没有写明用途，与本案所说的周转无关'
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
  await page.goto(`${world.base}${path}`)
  return page
}
/** Leaves a page, with nothing in its console. */
async function leave(page) {
  ok(!page.context().errors.length, page.context().errors.join('\n'))
  await page.context().close()
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
    alone: true,
    name: 'wait, open, see one another, record, write, show and examine, drop and come back, adjourn, resume, end, correct, sign, lock, the package',
    async run(world) {
      const { hearing, sessions, at, path } = await cast(world)
      const now = await world.must(sessions.clerk, 'GET', at)
      if (now.summary.state === 'scheduled') await world.must(sessions.clerk, 'POST', `${at}/steps`, { version: now.summary.version, step: 'open_waiting' })

      // The clerk has looked at papers: who was not identified does not sign.
      const { participants } = await world.must(sessions.clerk, 'GET', at)
      const seat = (role, side) => ok(participants.find((p) => p.role === role && (!side || p.side === side)), `no ${role} in the hearing`).id
      for (const side of ['plaintiff', 'defendant']) await world.must(sessions.clerk, 'POST', `${at}/identity`, { participant_id: seat('party', side), says: 'matches', how: 'id_card' })

      const judge = await enter(world, sessions.judge, DESK, `${path}/room`)
      const clerk = await enter(world, sessions.clerk, DESK, `${path}/room`)
      const plaintiff = await enter(world, sessions.plaintiff, DESK, `${path}/room`)
      const phone = await enter(world, sessions.defendant, PHONE, `${path}/room`)
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

      await written(clerk, plaintiff, phone)
      await examined(world, clerk, plaintiff, phone)

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

      await corrected(clerk, phone)
      await signed(world, { clerk, sessions, path, seat, phone })
      await filed(world, { session: sessions.clerk, path })
      for (const p of [judge, clerk, plaintiff, phone]) await leave(p)
    },
  },
]

/** The clerk writes, everybody reads: the plaintiff at a desk and the defendant on a phone. */
async function written(clerk, plaintiff, phone) {
  await clerk.getByRole('button', { name: '开始记录' }).click()
  const writer = clerk.locator('[data-writer]')
  await writer.getByLabel('谁在说').locator('option').nth(1).waitFor({ state: 'attached' })
  const note = async (who, what) => {
    const speaker = writer.getByLabel('谁在说')
    await speaker.selectOption({ label: ok((await speaker.locator('option').allTextContents()).find((o) => o.includes(who)), `${who} is nobody who speaks`) })
    await writer.getByLabel('说了什么').fill(what)
    await writer.getByLabel('说了什么').press('Enter')
    await clerk.getByText(what).waitFor()
  }
  await note('原告', LENT)
  await plaintiff.getByText(LENT).waitFor()
  await note('被告', PAID)
  await phone.getByText(PAID).waitFor()
  await plaintiff.getByText(PAID).waitFor()
}
/** Something of the case file becomes an exhibit, lies on the table of all, and the other side says what it thinks of it. */
async function examined(world, clerk, plaintiff, phone) {
  await clerk.getByRole('button', { name: '出示证据' }).first().click()
  const d = dialog(clerk)
  await d.getByRole('button', { name: '补充证据' }).click()
  const whose = d.getByLabel('哪一方的')
  await d.getByLabel('卷宗里的材料').waitFor()
  await whose.selectOption({ label: ok((await whose.locator('option').allTextContents()).find((o) => o.startsWith('原告')), 'no plaintiff to present for') })
  const leaf = d.getByLabel('卷宗里的材料')
  const leaves = await leaf.locator('option').allTextContents()
  await leaf.selectOption({ label: ok(leaves.find((l) => /借条|证据|聊天|转账/.test(l)) ?? leaves[1], 'the case file is empty') })
  await d.getByLabel('证据名称').fill('借条原件影像')
  await d.getByLabel('来源').fill('被告出具')
  await d.getByLabel('证明目的').fill('双方的借款关系和金额')
  await d.getByRole('button', { name: '添加并出示' }).click()
  for (const p of [clerk, plaintiff, phone]) await p.getByRole('heading', { name: /借条原件影像/ }).waitFor()
  await phone.getByRole('button', { name: '质证', exact: true }).click()
  const grid = phone.locator('[data-grid]')
  await grid.getByRole('button', { name: '发表意见' }).click()
  await grid.getByLabel('真实性', { exact: true }).selectOption({ label: '无异议' })
  await grid.getByLabel('合法性', { exact: true }).selectOption({ label: '无异议' })
  await grid.getByLabel('关联性', { exact: true }).selectOption({ label: '有异议' })
  await grid.getByLabel('对关联性有异议的理由').fill(UNRELATED)
  await world.shot(phone, 'hearing-phone-grid')
  await grid.getByRole('button', { name: '保存' }).click()
  await clerk.locator('[data-grid]').getByText(UNRELATED).waitFor()
  await clerk.locator('[data-grid]').getByRole('button', { name: '记入笔录' }).click()
  await clerk.locator('[data-entry]').filter({ hasText: UNRELATED }).first().waitFor()
  await world.shot(clerk, 'hearing-clerk-evidence')
  await clerk.getByRole('button', { name: '收回' }).click()
  await phone.getByRole('heading', { name: /借条原件影像/ }).waitFor({ state: 'hidden' })
}
/** Read after the end: the defendant asks for a correction, the clerk makes it. */
async function corrected(clerk, phone) {
  await phone.getByRole('button', { name: /看全部笔录/ }).click()
  const own = phone.locator('[data-entry]').filter({ hasText: PAID })
  await own.getByRole('button', { name: '有地方记错了' }).click()
  await dialog(phone).getByLabel('应该怎么记').fill('我还过三万元，不是两万元。')
  await dialog(phone).getByRole('button', { name: '提出更正' }).click()
  await own.getByText(/认为记错了/).waitFor()
  const entry = clerk.locator('[data-entry]').filter({ hasText: PAID })
  await entry.getByRole('button', { name: '答复' }).click()
  await dialog(clerk).getByLabel('更正后的内容').fill(PAID.replace('两', '三'))
  await dialog(clerk).getByRole('button', { name: '更正', exact: true }).click()
  await phone.locator('[data-entry]').filter({ hasText: PAID.replace('两', '三') }).getByText(/已按/).waitFor()
}
/** Fixed; then the parties, the clerk and the judge sign, each on a phone; the last signature locks. */
async function signed(world, { clerk, sessions, path, phone }) {
  await clerk.locator('[data-signing-board]').getByRole('button', { name: '定稿并发起签名' }).click()
  await clerk.locator('[data-signer]').first().waitFor()
  await world.shot(clerk, 'hearing-clerk-signing')
  for (const who of ['plaintiff', 'defendant', 'clerk', 'judge']) {
    const page = await enter(world, sessions[who], PHONE, `${path}/sign`)
    await page.locator('[data-reading]').evaluate((el) => el.scrollTo({ top: el.scrollHeight }))
    await page.getByText('您已全部读完').waitFor()
    await write(page)
    await world.shot(page, `hearing-sign-${who}`)
    await page.getByRole('button', { name: '确认签名' }).click()
    await page.getByText(who === 'judge' ? '全部签完，笔录已锁定' : /您已签名/).first().waitFor()
    await leave(page)
  }
  await clerk.getByText('全部签完，笔录已锁定入卷').waitFor()
}
/** What was recorded, written and signed lies together under one root; every recording is what was registered. */
async function filed(world, { session, path }) {
  const page = await enter(world, session, DESK, `${path}/record`)
  for (let i = 0; i < 60 && !(await page.getByText('已由法院签名固定').count()); i++) {
    await sleep(2_000)
    await page.reload()
    await page.getByRole('heading', { name: '庭审数据包' }).waitFor()
    await sleep(500)
  }
  await page.getByText('已由法院签名固定').waitFor()
  const check = page.getByRole('button', { name: '核对', exact: true })
  await check.first().waitFor()
  ok((await check.count()) >= 4, 'not everybody was recorded')
  await check.first().click()
  await page.getByText('与登记的哈希一致，没有改动').waitFor()
  await world.shot(page, 'hearing-record', { fullPage: true })
  await leave(page)
}
