import { DESK, PHONE, inspect, ok } from '../kit.mjs'

const QUIET = [/status of 4(01|22)/]

/** What the page says in one piece. */
const said = async (page) => (await page.locator('main').innerText()).replace(/\s+/g, ' ')

export const stories = [
  {
    name: 'a fee by keyboard, its tiers, its address',
    async run(world) {
      const page = await (await world.context(DESK, undefined, { allow: QUIET })).newPage()
      await page.goto(world.base)
      await page.getByRole('link', { name: '算诉讼费' }).first().click()
      await page.getByLabel('金额', { exact: false }).first().fill('三十万')
      await page.keyboard.press('Enter')
      await page.getByText('看不懂这个金额').waitFor()
      // the keyboard stands in the field that is wrong
      ok(await page.evaluate(() => document.activeElement?.getAttribute('aria-invalid') === 'true'), 'the field at fault has no focus')
      await page.keyboard.press('Control+A')
      await page.keyboard.type('300000')
      await page.keyboard.press('Enter')
      await page.getByText('5,800.00').first().waitFor()
      for (const amount of ['50.00', '2,250.00', '2,000.00', '1,500.00']) ok((await said(page)).includes(amount), `no rung of ${amount}`)
      await page.getByLabel('简易程序').check()
      await page.getByRole('button', { name: '计算' }).click()
      await page.getByText('2,900.00').first().waitFor()
      // whoever gets the address sees the same
      const again = await (await world.context(PHONE, undefined, { allow: QUIET })).newPage()
      await again.goto(page.url())
      await again.getByText('2,900.00').first().waitFor()
      ok(await again.getByLabel('简易程序').isChecked(), 'the address lost the procedure')
      for (const p of [page, again]) ok(!(await inspect(p)).length, (await inspect(p)).join('; '))
    },
  },
  {
    name: 'a figure the court has not set is asked for',
    async run(world) {
      const page = await (await world.context(PHONE, undefined, { allow: QUIET })).newPage()
      await page.goto(`${world.base}/tools/fee?kind=divorce&amount=500000&court=370102`)
      await page.getByText('还没有设定这一项收费').waitFor()
      await page.getByLabel('每件基数').fill('200')
      await page.getByRole('button', { name: '计算' }).click()
      await page.getByText('1,700.00').first().waitFor()
    },
  },
  {
    name: 'a deadline, how it was counted, and what is not announced',
    async run(world) {
      const page = await (await world.context(PHONE, undefined, { allow: QUIET })).newPage()
      await page.goto(`${world.base}/tools/deadline`)
      await page.getByRole('button', { name: '计算' }).click()
      await page.getByText('请选一种期限').waitFor()
      await page.getByRole('button', { name: '上诉（判决）' }).click()
      const day = async (y, m, d) => {
        await page.getByLabel('年', { exact: true }).first().fill(y)
        await page.getByLabel('月', { exact: true }).first().fill(m)
        await page.getByLabel('日', { exact: true }).first().fill(d)
        await page.getByRole('button', { name: '计算' }).click()
      }
      await day('2024', '9', '19')
      await page.getByText('2024 年 10 月 8 日 周二').first().waitFor()
      const text = await said(page)
      ok(text.includes('国庆节') && text.includes('第八十五条'), text)
      await day('2026', '12', '25')
      await page.getByText('还不能确定').waitFor()
      ok((await said(page)).includes('2027 年 1 月 9 日'), 'no provisional day')
      ok(!(await inspect(page)).length, (await inspect(page)).join('; '))
    },
  },
]
