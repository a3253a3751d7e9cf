import { randomUUID } from 'node:crypto'
import { COURT, DESK, OTHER_COURT, PASSWORD, PHONE, mobileNumber, ok, residentId, sleep, totp } from '../kit.mjs'
import { choose, claims, confirmAll, courtAndCause, evidence, parties, put, send, service, signIn, signUp, startDraft } from '../phone.mjs'

// what a page may be refused while nobody is signed in yet, or where the case is not one's own
const REFUSED = [/status of 40[134]/]

export const stories = [
  {
    // proves: F01
    name: 'a person files by phone; the clerk returns it once, accepts the corrected one; the right people see it',
    async run(world) {
      const me = { name: '周明远', identifier: mobileNumber(), password: PASSWORD, id_number: residentId() }
      const defendant = await world.newParty('钱守义')
      const phone = await (await world.context(PHONE, undefined, { allow: REFUSED })).newPage()
      await phone.goto(world.base)
      await phone.getByRole('link', { name: /我要起诉/ }).first().waitFor()
      await signUp(world, phone, me)
      await startDraft(world, phone)
      await courtAndCause(phone)
      const wrong = `138${defendant.identifier.slice(3)}`
      await parties(phone, me, defendant, wrong)
      await claims(phone)
      await evidence(world, phone)
      await service(phone)
      await confirmAll(phone)
      await world.shot(phone, 'filing-check', { fullPage: true })
      const filing = await send(phone)
      await phone.getByText('法院已收到').waitFor()
      const number = ok(/网立\S*?\d+/.exec(await phone.locator('main').innerText())?.[0], 'no filing number on the receipt')
      await world.shot(phone, 'receipt', { fullPage: true })

      // The clerk, at a desk, by keyboard where it matters.
      const clerk = world.person('clerk', COURT)
      const desk = await (await world.context(DESK, await world.session(clerk))).newPage()
      await desk.goto(`${world.base}/desk/${COURT}/filings/${filing}`)
      await desk.getByRole('button', { name: /立案/ }).first().waitFor()
      // The defendant's telephone, at its own place.
      await desk.getByRole('button', { name: '就「电话」加一条补正' }).nth(1).click()
      await desk.getByLabel('缺什么、错在哪').fill('被告的电话打不通')
      await desk.getByLabel('当事人会读到').fill('请填写被告现在使用的手机号码。')
      await world.shot(desk, 'clerk-review')
      await desk.keyboard.press('Escape')
      await desk.locator('h3').first().click()
      await desk.keyboard.press('b')
      await desk.getByText('秒后送出').first().waitFor()
      await phoneSees(world, await world.session(clerk), filing, 'returned')

      // The party reads the list, mends that one place and sends again.
      await phone.goto(`${world.base}/filings/${COURT}/${filing}`)
      await phone.getByText('被告的电话打不通').first().waitFor()
      await world.shot(phone, 'returned', { fullPage: true })
      await phone.getByRole('button', { name: '去补正' }).first().click()
      await phone.waitForURL(/\/file\//)
      await phone.getByText('被告的电话打不通').first().waitFor()
      const draft = phone.url().split('?')[0]
      await phone.getByRole('button', { name: /^去补正/ }).first().click()
      await phone.waitForURL(/step=parties/)
      await put(phone, '/parties/1/phone', defendant.identifier)
      await phone.getByText(/已自动保存/).first().waitFor()
      await phone.goto(`${draft}?step=statement`)
      await confirmAll(phone)
      ok((await send(phone)) === filing, 'the correction made another filing')

      // Accepted: a numbered case.
      await desk.goto(`${world.base}/desk/${COURT}/filings/${filing}`)
      await desk.getByText('已补正').first().waitFor()
      await desk.getByRole('button', { name: /^立案/ }).first().waitFor()
      await desk.locator('h3').first().click()
      await desk.keyboard.press('l')
      await desk.getByRole('dialog').getByRole('button', { name: /立案/ }).click()
      await desk.getByText('秒后送出').first().waitFor()
      const done = await phoneSees(world, await world.session(clerk), filing, 'accepted')
      ok(/^（20\d\d）鲁0102民初\d+号$/.test(done.case_number), `case number ${done.case_number}`)
      const page = `${world.base}/cases/${COURT}/${done.case_id}`

      // Seen by the party,
      await phone.goto(`${world.base}/cases`)
      await phone.getByText(done.case_number).first().click()
      await phone.getByText(done.case_number).first().waitFor()
      await world.shot(phone, 'case-phone', { fullPage: true })
      // by the lawyer, next to other courts' cases,
      const lawyer = world.person('lawyer')
      await phone.goto(page)
      await phone.getByRole('button', { name: '加代理律师' }).first().click()
      const dialog = phone.getByRole('dialog')
      await dialog.getByLabel('律师姓名').fill(lawyer.name)
      await dialog.getByLabel('执业证号').fill(lawyer.licence)
      await dialog.getByLabel('律师事务所或法律服务所').fill('山东泉城律师事务所')
      await choose(dialog, '特别授权')
      await dialog.locator('input[type=file]').setInputFiles({ name: '授权委托书.pdf', mimeType: 'application/pdf', buffer: world.files.pdf })
      await dialog.getByText('授权委托书.pdf · 已收到').waitFor()
      await dialog.getByRole('button', { name: '交给法院' }).click()
      await phone.getByText('已加上代理律师').first().waitFor()
      const office = await (await world.context(DESK, await world.session(lawyer))).newPage()
      await office.goto(`${world.base}/cases`)
      await office.getByText(done.case_number).first().waitFor()
      await office.goto(page)
      await office.getByText(done.case_number).first().waitFor()
      // by the defendant, only after joining,
      const other = await (await world.context(PHONE, await world.session(defendant), { allow: REFUSED })).newPage()
      await other.goto(page)
      await other.getByText('没有这件案件').first().waitFor()
      const codes = await world.must(await world.session(clerk), 'GET', `/courts/${COURT}/cases/${done.case_id}/join-codes`)
      await other.goto(`${world.base}/join`)
      await other.getByLabel('提取码').fill(ok(codes.items.find((c) => c.party_name === '钱守义'), 'no join code').code)
      await other.getByRole('button', { name: '查看案件' }).click()
      await other.waitForURL(new RegExp(done.case_id))
      await other.getByText(done.case_number).first().waitFor()
      // and by no clerk of another court, who gets no hint.
      const foreign = world.person('clerk', OTHER_COURT)
      const away = await (await world.context(DESK, await world.session(foreign), { allow: REFUSED })).newPage()
      const words = async (path) => {
        await away.goto(world.base + path)
        await away.waitForLoadState('networkidle')
        return (await away.locator('body').innerText()).replaceAll(/[A-Z0-9]{12}/g, '')
      }
      for (const path of [(id) => `/cases/${COURT}/${id}`, (id) => `/desk/${COURT}/filings/${id}`, (id) => `/filings/${COURT}/${id}`]) {
        const real = path('').includes('/cases') ? done.case_id : filing
        const seen = await words(path(real))
        ok(!seen.includes('周明远') && !seen.includes(number) && !seen.includes(done.case_number), `another court's clerk sees ${path(real)}`)
        ok(seen === (await words(path(randomUUID()))), `another court's clerk can tell ${path(real)} from what does not exist`)
      }
      const s = await world.session(foreign)
      const bare = (got) => `${got.status} ${got.text.replace(/"request_id":"[^"]+"/, '')}`
      for (const at of [`/courts/${COURT}/filings/`, `/courts/${COURT}/cases/`]) {
        const real = at.includes('filings') ? filing : done.case_id
        ok(bare(await world.call(s, 'GET', at + real)) === bare(await world.call(s, 'GET', at + randomUUID())), `${at} answers differently for what exists`)
      }
    },
  },
  {
    name: 'a clerk signs in and decides by keyboard alone',
    async run(world) {
      const clerk = ok(world.people.filter((p) => p.roles.includes('clerk') && p.court_id === COURT)[1], 'a second clerk')
      const a = await world.session(await world.newParty('吴先行'))
      const b = await world.newParty('郑在后')
      const receipt = await world.filing(a, b)
      const page = await (await world.context(DESK, undefined, { allow: [/status of 401/] })).newPage()
      await page.goto(`${world.base}/sign-in`)
      const reach = async (name) => {
        for (let i = 0; i < 40; i++) {
          const at = await page.evaluate(() => {
            const e = document.activeElement
            return e?.labels?.[0]?.textContent ?? e?.textContent ?? ''
          })
          if (at.trim().startsWith(name)) return
          await page.keyboard.press('Tab')
        }
        throw new Error(`Tab never reaches ${name}`)
      }
      await reach('账号')
      await page.keyboard.type(clerk.identifier)
      await reach('密码')
      while ((await page.evaluate(() => document.activeElement?.getAttribute('type'))) !== 'password') await page.keyboard.press('Tab')
      await page.keyboard.type(clerk.password)
      await page.keyboard.press('Enter')
      await page.getByLabel('动态码').waitFor()
      await reach('动态码')
      await page.keyboard.type(totp(clerk.totp_secret))
      await page.keyboard.press('Enter')
      await page.waitForURL(/\/desk\//)
      await page.goto(`${world.base}/desk/${COURT}/filings/${receipt.filing_id}`)
      await page.getByText('要补正的').first().waitFor()
      await page.getByRole('button', { name: /^立案/ }).first().waitFor()
      await page.keyboard.press('2')
      await page.keyboard.press('l')
      await page.waitForFunction(() => document.activeElement?.matches('[role=dialog] input'))
      await page.keyboard.press('Enter')
      await page.getByText('秒后送出').first().waitFor()
      // Taken back within ten seconds,
      await page.keyboard.press('z')
      await page.getByText('秒后送出').first().waitFor({ state: 'detached' })
      // and decided again.
      await page.keyboard.press('l')
      await page.waitForFunction(() => document.activeElement?.matches('[role=dialog] input'))
      await page.keyboard.press('Enter')
      await page.getByText('秒后送出').first().waitFor()
      const s = { cookie: (await page.context().cookies()).map((c) => `${c.name}=${c.value}`).join('; ') }
      await phoneSees(world, s, receipt.filing_id, 'accepted')
    },
  },
]

async function phoneSees(world, session, filing, state) {
  for (let i = 0; i < 60; i++) {
    const f = await world.must(session, 'GET', `/courts/${COURT}/filings/${filing}`)
    if (f.state === state) return f
    await sleep(500)
  }
  throw new Error(`the filing never became ${state}`)
}
