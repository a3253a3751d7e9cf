// The steps of a person on the pages, in the words that stand there.
import { COURT, ok } from './kit.mjs'

const at = (page, field) => page.locator(`[data-field="${field}"]`)
export const put = (page, field, value) => at(page, field).locator('input, textarea').first().fill(value)
/** A radio button by the first words of its label. */
export const choose = (page, words) => page.getByRole('radio', { name: new RegExp(`^${words}`) }).first().check()
export const next = async (page, step) => {
  // What the court finds in the very moment of the click keeps one on the step, with its sentence; what it takes back
  // is no reason to stay. A person reads and goes on.
  for (let tries = 0; tries < 4 && !page.url().includes(`step=${step}`); tries++) {
    await page.getByRole('button', { name: '下一步', exact: true }).click()
    await page.waitForURL(new RegExp(`step=${step}`), { timeout: tries < 3 ? 4_000 : 15_000 }).catch((e) => {
      if (tries === 3) throw e
    })
  }
}

export async function signUp(world, page, person) {
  await page.goto(`${world.base}/sign-up`)
  const go = () => page.getByRole('button', { name: '下一步' }).click()
  await choose(page, '个人')
  await go()
  await page.getByLabel('手机号').fill(person.identifier)
  await page.getByRole('button', { name: '获取验证码' }).click()
  await page.getByLabel('短信验证码').fill(await world.message(person.identifier, /(\d{6})/))
  await go()
  await page.getByLabel('姓名').fill(person.name)
  await page.getByLabel('证件号码').fill(person.id_number)
  await go()
  await page.getByLabel('设一个密码').fill(person.password)
  await page.getByRole('button', { name: '注册并登录' }).click()
  await page.waitForURL((u) => !u.pathname.startsWith('/sign-up'))
}

export async function signIn(world, page, person, code) {
  await page.goto(`${world.base}/sign-in`)
  await page.getByLabel('账号').fill(person.identifier)
  await page.getByRole('textbox', { name: '密码' }).fill(person.password)
  await page.getByRole('button', { name: '登录', exact: true }).click()
  if (code) {
    await page.getByLabel('动态码').fill(await code())
    await page.getByRole('button', { name: '登录', exact: true }).click()
  }
  await page.waitForURL((u) => !u.pathname.startsWith('/sign-in'))
}

/** From the first question to the check; answers the draft's id. */
export async function startDraft(world, page) {
  await page.goto(`${world.base}/file?court=${COURT}`)
  await page.getByText('跟人或单位有纠纷').click()
  await page.waitForURL(/\/file\/[0-9a-f-]{36}/)
  await page.getByText('济南市历下区人民法院').first().waitFor()
  return /\/file\/([0-9a-f-]{36})/.exec(page.url())[1]
}
export async function courtAndCause(page) {
  await choose(page, '被告住在这里')
  await next(page, 'cause')
  await page.getByRole('button', { name: '借钱不还' }).click()
  await page.getByRole('button', { name: /^民间借贷纠纷/ }).first().click()
  await choose(page, '自己写')
  await next(page, 'parties')
}
export async function parties(page, me, defendant, phone = defendant.identifier) {
  await page.getByRole('button', { name: '我自己' }).click()
  await put(page, '/parties/0/id_number', me.id_number)
  await put(page, '/parties/0/phone', me.identifier)
  await put(page, '/parties/0/domicile', '山东省济南市历下区泉城路188号2单元301室')
  await page.getByRole('button', { name: '加被告' }).click()
  await put(page, '/parties/1/name', defendant.name)
  await put(page, '/parties/1/id_number', defendant.id_number)
  await put(page, '/parties/1/phone', phone)
  await put(page, '/parties/1/domicile', '山东省济南市历下区文化东路51号')
  await at(page, '/parties/1/domicile').locator('input, textarea').blur()
  await next(page, 'claims')
}
export async function claims(page) {
  await page.getByRole('button', { name: '写第一项请求' }).click()
  await put(page, '/claims/0/text', '判令被告归还借款本金 60,000 元')
  await page.getByRole('textbox', { name: /^金额/ }).fill('60000')
  await put(page, '/facts', '2024 年 8 月 30 日，被告向原告借款 60,000 元，出具借条，约定 2025 年 8 月 31 日前归还。到期后原告多次催要，被告至今未还。')
  await choose(page, '了解')
  await next(page, 'evidence')
}
const asFile = (name, mimeType, buffer) => ({ name, mimeType, buffer })
export async function evidence(world, page) {
  const { pdf, jpg, jpg2, photo1, photo2 } = world.files
  const add = at(page, '/evidence').locator('input[type=file]')
  await add.first().setInputFiles(asFile('借条.pdf', 'application/pdf', pdf))
  await page.getByRole('heading', { name: '借条' }).waitFor()
  await add.first().setInputFiles(asFile('转账记录.jpg', 'image/jpeg', jpg2))
  await page.getByRole('heading', { name: '转账记录' }).waitFor()
  await add.nth(1).setInputFiles([asFile('IMG_1.jpg', 'image/jpeg', photo1), asFile('IMG_2.jpg', 'image/jpeg', photo2)])
  await page.getByLabel('这份材料叫什么').fill('聊天记录')
  await page.getByRole('button', { name: '传这 2 张' }).click()
  await page.getByRole('heading', { name: '聊天记录' }).waitFor({ timeout: 30_000 })
  for (const [i, proves] of ['双方的借款关系和金额', '借款已经交付', '被告承认欠款'].entries()) {
    await at(page, `/evidence/${i}`).getByRole('button', { name: /^修改/ }).click()
    await put(page, `/evidence/${i}/purpose`, proves)
    await put(page, `/evidence/${i}/source`, ['被告出具', '银行手机客户端', '双方微信'][i])
    await page.locator(`[data-field="/evidence/${i}/source"] input`).blur()
  }
  const paper = page.locator('li[data-field^="/papers/id_copy"]')
  await paper.locator('input[type=file]').last().setInputFiles(asFile('身份证.jpg', 'image/jpeg', jpg))
  await paper.getByText('已收到').waitFor()
  await next(page, 'service')
}
export async function service(page) {
  await page.getByRole('button', { name: /^用当事人的地址/ }).click()
  await put(page, '/service/email', 'zhou@example.cn')
  await choose(page, '同意')
  await page.getByText('我明白：文书到达就算送达').click()
  await next(page, 'statement')
}
/** Confirms what the court asks to confirm, accepts the statement and sends. */
export async function confirmAll(page) {
  await page.getByText(/提交前，法院会看这些/).waitFor()
  await page.locator('[data-field="/check"] li, [data-field="/check"] .banner, [data-field="/check"] [role=status]').first().waitFor()
  // The court looks again while one reads: a question may go, or come, under the hand. Whoever is asked answers until
  // nothing is asked any more.
  for (let quiet = 0; quiet < 3; ) {
    const open = page.getByRole('checkbox', { name: /^(我核对过了，就这样提交|就这样提交，请法院人工看)/, checked: false }).first()
    if (await open.isVisible().catch(() => false)) {
      quiet = 0
      await open.check({ timeout: 3_000 }).catch(() => {})
    } else {
      quiet++
      await page.waitForTimeout(300)
    }
  }
  const accept = page.getByLabel('我已读过，同意以上声明')
  if (!(await accept.isChecked())) await accept.check()
}
export async function send(page) {
  await page.getByRole('button', { name: '提交给法院' }).click()
  await page.waitForURL(/\/filings\/\d+\/[0-9a-f-]{36}/)
  return ok(/\/filings\/\d+\/([0-9a-f-]{36})/.exec(page.url())[1], 'no filing')
}
