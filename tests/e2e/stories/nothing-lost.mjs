import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DESK, PHONE, ok, sleep } from '../kit.mjs'
import { put } from '../phone.mjs'

const NETWORK = [/ERR_INTERNET_DISCONNECTED/, /status of 401/]
const saved = (page) => page.getByText(/已自动保存/).first().waitFor()
const content = async (world, s, draft) => (await world.must(s, 'GET', `/my/drafts/${draft}`)).content

async function begun(world, name) {
  const person = await world.newParty(name)
  const s = await world.session(person)
  return { person, s, draft: await world.draft(s, await world.newParty('钱守义')) }
}

/** A recording of so many MiB in which nobody says anything. */
function silence(mib) {
  const data = Buffer.alloc(mib * 1024 * 1024)
  const head = Buffer.from('RIFF____WAVEfmt ________________________data____', 'latin1').subarray(0, 44)
  head.writeUInt32LE(36 + data.length, 4)
  head.write('fmt ', 12)
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(1, 20)
  head.writeUInt16LE(1, 22)
  head.writeUInt32LE(16_000, 24)
  head.writeUInt32LE(32_000, 28)
  head.writeUInt16LE(2, 32)
  head.writeUInt16LE(16, 34)
  head.write('data', 36)
  head.writeUInt32LE(data.length, 40)
  return Buffer.concat([head, data])
}

export const stories = [
  {
    name: 'a lost network and a phone laid down lose nothing; the desktop goes on',
    async run(world) {
      const { s, draft } = await begun(world, '何不丢')
      const context = await world.context(PHONE, s, { allow: NETWORK })
      const page = await context.newPage()
      await page.goto(`${world.base}/file/${draft}?step=claims`)
      await page.locator('[data-field="/facts"] textarea').waitFor()
      await context.setOffline(true)
      await put(page, '/facts', '断网时写下的经过，一个字也不能少。')
      await page.getByText(/存在这部设备里/).first().waitFor()
      // The page goes away while there is no network: the words wait in the device.
      const again = await context.newPage()
      await page.close()
      await context.setOffline(false)
      await again.goto(`${world.base}/file/${draft}?step=claims`)
      await again.waitForFunction(() => document.querySelector('[data-field="/facts"] textarea')?.value.startsWith('断网时'))
      for (let i = 0; i < 40 && !(await content(world, s, draft)).facts.startsWith('断网时'); i++) await sleep(250)
      const desk = await (await world.context(DESK, s)).newPage()
      await desk.goto(`${world.base}/drafts`)
      await desk.getByText(/何不丢/).first().click()
      await desk.goto(`${world.base}/file/${draft}?step=claims`)
      await desk.waitForFunction(() => document.querySelector('[data-field="/facts"] textarea')?.value === '断网时写下的经过，一个字也不能少。')
    },
  },
  {
    name: 'two windows on one draft end with both people\'s words',
    async run(world) {
      const { s, draft } = await begun(world, '史双窗')
      const context = await world.context(DESK, s, { allow: [/status of 412/] })
      const [a, b] = [await context.newPage(), await context.newPage()]
      await a.goto(`${world.base}/file/${draft}?step=claims`)
      await b.goto(`${world.base}/file/${draft}?step=service`)
      await put(a, '/facts', '第一个窗口写的经过。')
      await put(b, '/service/receiver', '史双窗收')
      for (let i = 0; i < 60; i++) {
        const c = await content(world, s, draft)
        if (c.facts === '第一个窗口写的经过。' && c.service.receiver === '史双窗收') return
        await sleep(250)
      }
      throw new Error(`one window lost: ${JSON.stringify(await content(world, s, draft)).slice(0, 200)}`)
    },
  },
  {
    name: 'a session that ends in mid-form keeps what was typed',
    async run(world) {
      const { person, s, draft } = await begun(world, '冯再登')
      const context = await world.context(PHONE, s, { allow: NETWORK })
      const page = await context.newPage()
      await page.goto(`${world.base}/file/${draft}?step=claims`)
      await page.locator('[data-field="/facts"] textarea').waitFor()
      await world.must(s, 'POST', '/account/sign-out')
      await put(page, '/facts', '登录到期以后写下的话。')
      const dialog = page.getByRole('dialog')
      await dialog.getByText('请再登录一次').waitFor()
      await dialog.getByLabel('账号').fill(person.identifier)
      await dialog.getByRole('textbox', { name: '密码' }).fill(person.password)
      await dialog.getByRole('button', { name: '登录', exact: true }).click()
      await dialog.waitFor({ state: 'detached' })
      ok((await page.locator('[data-field="/facts"] textarea').inputValue()) === '登录到期以后写下的话。', 'the words are gone from the page')
      const fresh = await world.signIn(person)
      for (let i = 0; i < 40; i++) {
        if ((await content(world, fresh, draft)).facts === '登录到期以后写下的话。') return
        await sleep(250)
      }
      throw new Error('the words never reached the court')
    },
  },
  {
    name: 'sending twice makes one filing',
    async run(world) {
      const { s, draft } = await begun(world, '卫双击')
      const page = await (await world.context(DESK, s)).newPage()
      await page.goto(`${world.base}/file/${draft}?step=statement`)
      await page.locator('[data-field="/check"] li').first().waitFor()
      for (const box of await page.getByLabel('我核对过了，就这样提交').all()) await box.check()
      await page.getByRole('button', { name: '提交给法院' }).dblclick()
      await page.waitForURL(/\/filings\//)
      const list = await world.must(s, 'GET', '/my/filings')
      ok(list.items.length === 1, `${list.items.length} filings`)
    },
  },
  {
    name: 'an upload cut by a reload goes on where it stopped',
    async run(world) {
      const { s, draft } = await begun(world, '蒋续传')
      const context = await world.context(DESK, s, { allow: [/ERR_/] })
      const page = await context.newPage()
      let parts = 0
      let cut = true
      await context.route(/\/api\/my\/uploads\/[^/]+\/parts\/\d+$/, async (route) => {
        parts++
        if (cut && parts > 2) return route.abort()
        await route.continue()
      })
      // From the disk: what goes over the browser's wire in one piece is slow.
      const big = silence(34)
      const file = join(mkdtempSync(join(tmpdir(), 'e2e-')), '通话录音.wav')
      writeFileSync(file, big)
      await page.goto(`${world.base}/file/${draft}?step=evidence`)
      await page.locator('[data-field="/evidence"] input[type=file]').first().setInputFiles(file)
      for (let i = 0; i < 100 && parts < 3; i++) await sleep(100)
      ok(parts >= 3, `only ${parts} parts were tried`)
      await page.reload()
      cut = false
      const before = parts
      await page.getByText('上次没传完').first().waitFor()
      await page.locator('section, article, div').filter({ hasText: '上次没传完' }).last().locator('xpath=ancestor-or-self::*[.//input[@type="file"]][1]').locator('input[type=file]').first().setInputFiles(file)
      await page.getByRole('heading', { name: '通话录音' }).waitFor({ timeout: 60_000 })
      const total = Math.ceil(big.length / (8 * 1024 * 1024))
      ok(parts - before < total + 1, `${parts - before} parts sent again of ${total}`)
      ok((await world.must(s, 'GET', `/my/drafts/${draft}`)).files.some((f) => f.name === '通话录音.wav' && f.size === big.length), 'the court does not have the file')
    },
  },
]
