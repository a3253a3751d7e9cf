// The hearing, as a court holds it: judge, clerk and plaintiff at windows, the defendant on a phone; from the plan to the signed
// package. Sound and pictures are real (Chromium's own test devices), through the server's media engine; the server is killed once.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { COURT, DESK, PHONE, ok, sleep } from '../kit.mjs'
import { EXPECTED, dialog, enter, leave, moving, seated, step, write } from '../courtroom.mjs'
import { OwnDemo } from '../own-demo.mjs'

const LENT = '原告向被告出借六万元，被告出具了借条，到期没有归还。'
const PAID = '借款属实，我已经还过两万元。'
const UNRELATED = '借条上没有写明用途，与本案所说的周转无关'

export const stories = [
  {
    alone: true,
    name: 'plan, test, wait, identify, open, write, show and examine, drop and come back, a killed server, adjourn, resume, end, correct, sign, lock, the package plays and verifies',
    async run(shared) {
      const demo = await OwnDemo.start(shared)
      demo.world.shot = shared.shot
      try {
        await held(demo)
      } finally {
        await demo.end()
      }
    },
  },
]

async function held(demo) {
  const { world } = demo
  const { sessions, kase, people } = await parties(world)
  await freed(world, sessions.clerk)
  const id = await planned(world, sessions.clerk, kase)
  const [at, path] = [`/courts/${COURT}/hearings/${id}`, `/hearings/${COURT}/${id}`]
  await numbered(world, sessions.clerk, at, people.plaintiff)
  await tested(world, sessions, path)
  await identified(world, sessions, { id, path, at, people })

  const room = await seated(world, sessions, path)
  const { judge, clerk, plaintiff, defendant: phone } = room
  await phone.getByText('候庭室').first().waitFor()
  await world.shot(phone, 'hearing-phone-waiting')

  // Opened by the judge; nothing stands in the way any more. The dot is the recorder's.
  await step(judge, /^开庭/)
  await phone.getByText('正在录音录像').waitFor()
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
  await dropped(world, phone)
  const died = await killed(demo, room)

  // A stage further, a pause, on again; then the end.
  await judge.locator('[data-forward]').click()
  await judge.getByRole('listitem').filter({ hasText: '诉辩' }).and(judge.locator('[aria-current=step]')).waitFor()
  await step(judge, /^休庭/)
  await phone.getByText('休庭中').waitFor()
  await judge.getByText('录像已暂停').waitFor()
  await step(judge, /^恢复开庭/)
  await phone.getByText('正在录音录像').waitFor()
  await moving(phone, 2)
  await step(judge, /^结束庭审/, { choose: '审理完毕' })
  await phone.getByText('庭审已结束').waitFor()
  await moving(phone, 1)

  await corrected(clerk, phone)
  await signed(world, { clerk, sessions, path, people })
  for (const page of Object.values(room)) await leave(page)
  await filed(world, demo, { session: sessions.clerk, path, at, died })
}

/** Two people with a case between them, a judge who has it, and both sides' word that they come online. */
async function parties(world) {
  const people = { plaintiff: await world.newParty('周明远'), defendant: await world.newParty('钱守义') }
  const sessions = { plaintiff: await world.session(people.plaintiff), defendant: await world.session(people.defendant) }
  sessions.clerk = await world.session(world.person('clerk', COURT))
  sessions.judge = await world.session(ok(world.people.find((p) => p.name === '王明珠'), 'no second judge'))
  const { case_id: kase } = await world.accepted(sessions.plaintiff, sessions.clerk, people.defendant)
  const at = `/courts/${COURT}/cases/${kase}`
  const president = await world.session(world.person('presiding_judge', COURT))
  await world.must(president, 'PUT', `${at}/staff`, { judge: sessions.judge.me.person_id, clerk: sessions.clerk.me.person_id, presiding: null, reason: '按审判团队分案' })
  const codes = await world.must(sessions.clerk, 'GET', `${at}/join-codes`)
  await world.must(sessions.defendant, 'POST', '/my/cases/join', { code: codes.items.find((c) => c.party_name === people.defendant.name).code })
  for (const side of ['plaintiff', 'defendant']) {
    const { parties: all } = await world.must(sessions[side], 'GET', at)
    const { told_version } = await world.must(sessions[side], 'GET', `${at}/online-consents`)
    await world.must(sessions[side], 'POST', `${at}/online-consents`, { party_id: all.find((p) => p.side === side).id, step: 'hearing', agrees: true, invited: true, told_version })
  }
  return { sessions, kase, people }
}
/** The demo has a hearing of its own about now, with the same clerk: nobody sits in two, so that one is taken off. */
async function freed(world, clerk) {
  for (const h of world.hearings) {
    const at = `/courts/${h.court}/hearings/${h.hearing_id}`
    const { summary } = await world.must(clerk, 'GET', at)
    await world.must(clerk, 'POST', `${at}/steps`, { version: summary.version, step: 'cancel', reason: '书记员今天另有一场庭审' })
  }
}
/** 排期: the clerk fixes it for today, which wants its reasons; both sides are told with a link. */
async function planned(world, session, kase) {
  const page = await enter(world, session, DESK, `/desk/${COURT}/hearings/new?case=${kase}`)
  const soon = new Date(Math.ceil((Date.now() + 6 * 60_000) / 300_000) * 300_000 + 8 * 3_600_000).toISOString()
  const result = page.locator('#plan-result')
  await result.getByText('请选一个时间').waitFor()
  await page.getByLabel('年').fill(soon.slice(0, 4))
  await page.getByLabel('月').fill(String(Number(soon.slice(5, 7))))
  await page.getByLabel('日', { exact: true }).fill(String(Number(soon.slice(8, 10))))
  await page.getByLabel('开始时间').fill(soon.slice(11, 16))
  await result.getByLabel('为什么提前').fill('双方当事人都书面要求今天开庭，放弃提前通知的期间')
  await result.getByText('可以排定').waitFor()
  await world.shot(page, 'hearing-plan', { fullPage: true })
  await page.getByRole('button', { name: '排定并通知' }).click()
  await page.getByText('已排定').first().waitFor()
  await page.getByRole('link', { name: '看这场庭审' }).click()
  await page.waitForURL(/\/hearings\/[0-9a-f-]{36}$/)
  const id = page.url().split('/').at(-1)
  await leave(page)
  return id
}
/** The clerk confirms on the telephone which number is the plaintiff's: the code to sign with goes there. */
async function numbered(world, session, at, person) {
  const { participants } = await world.must(session, 'GET', at)
  await world.must(session, 'PUT', `${at}/seats/${participants.find((p) => p.name === person.name).id}/mobile`, { mobile: person.identifier })
}
/** 庭前检测 on the phone, by what one presses; the plaintiff's own is left to the waiting room. */
async function tested(world, sessions, path) {
  const page = await enter(world, sessions.defendant, PHONE, `${path}/test`)
  await page.getByRole('button', { name: '开始检测' }).click()
  await page.getByRole('button', { name: '播放声音' }).click({ timeout: 60_000 })
  await page.getByRole('button', { name: '听到了' }).click({ timeout: 60_000 })
  await page.getByRole('button', { name: '先不演练' }).or(page.getByRole('link', { name: '先不演练' })).click({ timeout: 60_000 })
  await world.shot(page, 'hearing-test')
  await leave(page)
}
/** 候庭: each reads what is to be observed and says so; the clerk's desk sees them come and says who they are. */
async function identified(world, sessions, { path, at, people }) {
  const pages = {}
  for (const [side, kind] of [['plaintiff', DESK], ['defendant', PHONE]]) {
    const page = (pages[side] = await enter(world, sessions[side], kind, `${path}/waiting`))
    await page.getByText('我已经看完以上各条').click()
    await page.getByRole('button', { name: '我已阅读并遵守' }).click()
    await page.getByText(/已确认/).first().waitFor()
  }
  // Nothing was asked of either browser yet: each lets itself be seen by a press, and the clerk looks.
  for (const page of Object.values(pages)) {
    ok(!(await page.locator('video').count()), 'a picture before it was asked for')
    await page.getByRole('button', { name: '打开摄像头和话筒' }).click()
    await page.getByText('书记员看得到、听得到您').waitFor()
  }
  const desk = await enter(world, sessions.clerk, DESK, `/desk${path.replace('/hearings', '').replace(/\/([^/]+)$/, '/hearings/$1')}/waiting`)
  for (const [i, side] of ['plaintiff', 'defendant'].entries()) {
    await desk.getByRole('complementary').getByRole('button', { name: new RegExp(people[side].name) }).click()
    await desk.getByRole('heading', { name: new RegExp(people[side].name) }).waitFor()
    if (!i) await desk.getByRole('button', { name: '看画面' }).click()
    // the person large, both small in the list: all of them move
    await desk.locator('[data-sight] video[data-of=person]').waitFor()
    await moving(desk, 3)
    await spoken(world, desk, pages[side], side)
    await desk.getByText('一致', { exact: true }).click()
    await desk.getByRole('button', { name: '记下核对结果' }).click()
    await desk.getByRole('listitem').filter({ hasText: '一致' }).first().waitFor()
  }
  await world.shot(desk, 'hearing-waiting-desk')
  await world.shot(pages.defendant, 'hearing-waiting-phone')
  for (const page of [...Object.values(pages), desk]) await leave(page)
}

/** The clerk is seen and heard, and holds the picture still beside the paper; a hidden picture is hidden at the desk too. */
async function spoken(world, desk, page, side) {
  const sight = desk.locator('[data-sight]')
  for (const name of ['和对方说话', '让对方看到我']) if (await sight.getByRole('button', { name }).count()) await sight.getByRole('button', { name }).click()
  await page.getByText('正在和您说话').waitFor()
  await page.locator('[data-wait-live] video[data-of=court]').waitFor()
  await moving(page, 2)
  await sight.getByRole('button', { name: '定格' }).click()
  await sight.getByText(/定格于/).waitFor()
  ok(await sight.locator('canvas').evaluate((c) => c.width > 300 && c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some((x, i) => i % 4 < 3 && x > 40)), 'the held picture is empty')
  await world.shot(desk, `hearing-sight-${side}`)
  await world.shot(page, `hearing-seen-${side}`)
  await sight.getByRole('button', { name: '回到实时' }).click()
  await page.getByRole('button', { name: '关画面' }).click()
  await sight.getByText('还没有打开摄像头').waitFor()
  await page.getByRole('button', { name: '打开画面' }).click()
  await sight.locator('video[data-of=person]').waitFor()
}

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
/** One drops and comes back without a hand. */
async function dropped(world, phone) {
  await phone.context().setOffline(true)
  await phone.locator('[data-lost]').waitFor()
  await world.shot(phone, 'hearing-phone-lost')
  await phone.context().setOffline(false)
  await phone.locator('[data-lost]').waitFor({ state: 'hidden' })
  await moving(phone, 2)
}
/** The server is killed and started again: everybody comes back without a hand, and it records on. Answers when it died. */
async function killed(demo, { judge, phone, defendant }) {
  const died = await demo.crash()
  await (phone ?? defendant).locator('[data-lost]').waitFor()
  await demo.serve()
  for (const page of [judge, defendant]) {
    await page.locator('[data-lost]').waitFor({ state: 'hidden', timeout: 60_000 })
    await page.getByText(/正在录音录像|录像正常，正在接收/).first().waitFor({ timeout: 60_000 })
  }
  await moving(judge, 3, 60_000)
  await moving(defendant, 2, 60_000)
  return died
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
  // what is fixed is what the clerk has before the eyes
  await clerk.locator('[data-entry]').filter({ hasText: PAID.replace('两', '三') }).getByText(/已按/).waitFor()
}
/** To the end, which grows while the record arrives. */
async function readToEnd(page) {
  for (let i = 0; i < 60 && !(await page.getByText('您已全部读完').count()); i++) {
    await page.locator('[data-reading]').evaluate((el) => el.scrollTo({ top: el.scrollHeight }))
    await sleep(500)
  }
  await page.getByText('您已全部读完').waitFor()
}
/** By the code on the clerk's screen, on a phone nobody is signed in on: once, after a number sent to that person's telephone. */
async function signedByCode(world, clerk, person) {
  await clerk.locator('[data-signer]').filter({ hasText: person.name }).getByRole('button', { name: '签名码' }).click()
  const d = dialog(clerk)
  await d.locator('svg').first().waitFor()
  await world.shot(clerk, 'hearing-sign-code')
  const link = (await d.locator('[data-link]').innerText()).trim()
  await clerk.keyboard.press('Escape')
  const phone = await world.context(PHONE, undefined, { allow: EXPECTED })
  // nobody ever signed in on it: no page of it asks who that is
  await phone.addInitScript(() => location.protocol === 'about:' || localStorage.setItem('lianting.seen', '0'))
  const page = await phone.newPage()
  page.setDefaultTimeout(30_000)
  const sent = Date.now()
  await page.goto(world.base + new URL(link).pathname)
  await page.getByRole('button', { name: '发送验证码' }).click()
  await page.getByLabel('验证码').fill(await world.message(person.identifier, /(\d{6})/, sent - 2_000))
  await page.getByRole('button', { name: '查看笔录' }).click()
  await page.getByLabel('您的姓名').fill(person.name)
  await readToEnd(page)
  await write(page)
  await world.shot(page, 'hearing-sign-link', { fullPage: true })
  await page.getByRole('button', { name: '确认签名' }).click()
  await page.getByText('签名已送达法院').waitFor()
  await leave(page)
}
/** Fixed; then the parties, the clerk and the judge sign, each on a phone; the last signature locks. */
async function signed(world, { clerk, sessions, path, people }) {
  await clerk.locator('[data-signing-board]').getByRole('button', { name: '定稿并发起签名' }).click()
  await clerk.locator('[data-signer]').first().waitFor()
  await world.shot(clerk, 'hearing-clerk-signing')
  await signedByCode(world, clerk, people.plaintiff)
  for (const who of ['defendant', 'clerk', 'judge']) {
    const page = await enter(world, sessions[who], PHONE, `${path}/sign`)
    await readToEnd(page)
    await write(page)
    await world.shot(page, `hearing-sign-${who}`)
    await page.getByRole('button', { name: '确认签名' }).click()
    await page.getByText(who === 'judge' ? '全部签完，笔录已锁定' : /您已签名/).first().waitFor()
    await leave(page)
  }
  await clerk.getByText('全部签完，笔录已锁定入卷').waitFor()
}
/** What was recorded, written and signed lies together under one root; it plays, and whoever takes it home can check it. */
async function filed(world, demo, { session, path, at, died }) {
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
  await page.getByRole('button', { name: '播放', exact: true }).first().click()
  const video = page.locator('video').first()
  for (let i = 0; i < 60 && !(await video.evaluate((v) => v.currentTime > 1)); i++) await sleep(500)
  await world.shot(page, 'hearing-playing')
  ok(await video.evaluate((v) => v.currentTime > 1 && v.getVideoPlaybackQuality().totalVideoFrames > 5), 'the recording does not play')
  await leave(page)

  // the killed server took at most two seconds of what it had received, of everybody
  const { gaps, root } = await world.must(session, 'GET', `${at}/package`)
  const { opened_at } = await world.must(session, 'GET', at)
  const lost = gaps.filter((g) => g.cause === 'server')
  ok(new Set(lost.map((g) => g.who)).size === 4, `not everybody's gap is told: ${JSON.stringify(gaps).slice(0, 900)}`)
  for (const { who, medium } of lost) {
    const from = Math.min(...lost.filter((g) => g.who === who && g.medium === medium).map((g) => g.from))
    const cost = died - Date.parse(opened_at) - from
    ok(cost <= 2_000, `${medium} of ${who}: ${cost} ms lost`)
  }

  const zip = await fetch(`${world.base}/api${at}/package.zip`, { headers: { cookie: session.cookie } })
  const [file, folder] = [join(demo.dir, 'package.zip'), join(demo.dir, 'package')]
  mkdirSync(folder)
  writeFileSync(file, Buffer.from(await zip.arrayBuffer()))
  execFileSync('python3', ['-m', 'zipfile', '-e', file, folder])
  const verify = () => {
    try {
      return { ok: true, said: execFileSync(process.env.LIANTING_BIN, ['verify', '--json', '--seals', demo.seals(), folder], { encoding: 'utf8' }) }
    } catch (e) {
      return { ok: false, said: `${e.stdout}` }
    }
  }
  const good = verify()
  ok(good.ok && JSON.parse(good.said).root === root, `the package does not verify: ${good.said.slice(0, 800)}`)
  const course = join(folder, 'course.ndjson')
  const bytes = readFileSync(course)
  bytes[40] ^= 1
  writeFileSync(course, bytes)
  ok(!verify().ok, 'a flipped bit was not found')
}
