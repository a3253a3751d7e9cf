import { COURT, DESK, PHONE, ok, sleep } from '../kit.mjs'
import { OwnDemo } from '../own-demo.mjs'

const until = async (what, look) => {
  for (let i = 0; i < 120; i++) {
    const found = await look()
    if (found) return found
    await sleep(500)
  }
  throw new Error(`never: ${what}`)
}

export const stories = [
  {
    // proves: D01 D05
    name: 'a fee is served, paid and receipted; papers come with certificates and clocks; silence leads to a message, a call, and the post',
    async run(shared) {
      const demo = await OwnDemo.start(shared)
      try {
        await story(demo, shared)
      } finally {
        await demo.end()
      }
    },
  },
]

async function story(demo, shared) {
  let world = demo.world
  const contexts = []
  const open = async (kind, session, options) => {
    const context = await world.context(kind, session, options)
    contexts.push(context)
    return context.newPage()
  }
  const [plaintiff, defendant] = [await world.newParty('周明远'), await world.newParty('钱守义')]
  const clerk = await world.session(world.person('clerk', COURT))
  const me = await world.session(plaintiff)
  const docketed = await world.accepted(me, clerk, defendant)
  const kase = ok(docketed.case_id, 'no case')
  const at = `/courts/${COURT}/cases/${kase}`

  // 立案以后: the fee notice lies in the inbox, and a message says so.
  const inbox = await until('the papers in the inbox', async () => {
    const { items } = await world.must(me, 'GET', `/my/inbox?case=${kase}`)
    const titles = items.flatMap((i) => i.papers.map((p) => p.title)).join(' ')
    return /受理案件通知书/.test(titles) && /交/.test(titles) && items.every((i) => i.effect !== 'no') && items
  })
  ok(inbox.every((i) => i.article && i.served_day), 'each service names its day and its article')
  await world.message(plaintiff.identifier, /(收件箱)/)

  // 交费: by a code on the phone, paid on the platform's page; the page turns by itself.
  const phone = await open(PHONE, me)
  await phone.goto(`${world.base}/cases/${COURT}/${kase}/fees`)
  await phone.getByRole('button', { name: '让别人扫码代付' }).click()
  await phone.getByRole('img', { name: '微信付款二维码' }).waitFor()
  const order = await until('an open order', async () => (await world.must(me, 'GET', `${at}/fees`)).bills.flatMap((b) => b.orders).find((o) => o.state === 'open' && o.code_url))
  // the platform's own page, which has no icon
  const cashier = await open(PHONE, undefined, { allow: [/status of 404/] })
  await cashier.goto(order.code_url)
  await cashier.getByRole('button', { name: '确认支付' }).click()
  await phone.getByText('已交费').first().waitFor({ timeout: 30_000 })
  await shared.shot?.(phone, 'fee-paid', { fullPage: true })
  const bill = await until('a paid bill with its receipt', async () => (await world.must(me, 'GET', `${at}/fees`)).bills.find((b) => b.state === 'paid' && b.receipt_id))
  const receipt = await world.call(me, 'GET', `/courts/${COURT}/papers/${bill.receipt_id}/content`)
  ok(receipt.status === 200 && receipt.headers.get('content-type').startsWith('application/pdf'), 'the receipt is a PDF')

  // The inbox on the phone: what was served, when, and what runs from it.
  await phone.goto(`${world.base}/inbox?case=${kase}`)
  await phone.getByText('受理案件通知书').first().waitFor()
  await shared.shot?.(phone, 'inbox-phone', { fullPage: true })

  // 委托律师: the firm sees it next to other courts' papers, in the page, the ZIP, the calendar and by its own software.
  const lawyer = world.person('lawyer')
  const parties = (await world.must(me, 'GET', at)).parties
  const power = await world.must(me, 'POST', '/my/files', { name: '授权委托书.pdf', size: world.files.pdf.length })
  for (let n = 0; n < power.parts; n++) await world.must(me, 'PUT', `/my/uploads/${power.id}/parts/${n + 1}`, world.files.pdf.subarray(n * power.part_bytes, (n + 1) * power.part_bytes))
  const paper = await world.must(me, 'POST', `/my/uploads/${power.id}/complete`)
  await world.must(me, 'POST', `${at}/representatives`, { party_id: parties.find((p) => p.own).id, name: lawyer.name, licence: lawyer.licence, unit: '山东泉城律师事务所', power: 'special', file_ids: [paper.id] })
  const counsel = await world.session(lawyer)
  const seen = await until("the lawyer's inbox", async () => {
    const all = (await world.must(counsel, 'GET', '/my/inbox')).items
    return all.some((i) => i.case_id === kase) && all
  })
  const office = await open(DESK, counsel)
  await office.goto(`${world.base}/inbox`)
  await office.getByText(docketed.case_number).filter({ visible: true }).first().waitFor()
  await shared.shot?.(office, 'inbox-desk', { fullPage: true })
  const zip = await fetch(`${world.base}/api/my/inbox.zip?ids=${seen.filter((i) => i.case_id === kase).map((i) => i.recipient_id).join(',')}`, { headers: { cookie: counsel.cookie } })
  ok(Buffer.from(await zip.arrayBuffer()).includes(Buffer.from('济南市历下区人民法院')), 'the ZIP names its folders by court')
  const { url } = await world.must(counsel, 'PUT', '/my/inbox/feed')
  ok((await (await fetch(url)).text()).replaceAll('\r\n ', '').includes(docketed.case_number), 'the calendar names the case')
  const program = await world.must(counsel, 'POST', '/my/api-clients', { name: '所内办案系统', scopes: ['inbox.read'] })
  const token = await (await fetch(`${world.base}/api/oauth/token`, { method: 'POST', body: new URLSearchParams({ grant_type: 'client_credentials', client_id: program.client.client_id, client_secret: program.secret }) })).json()
  const byProgram = await (await fetch(`${world.base}/api/my/inbox`, { headers: { authorization: `Bearer ${token.access_token}` } })).json()
  ok(byProgram.items.some((i) => i.case_id === kase && i.served_day && i.article), 'software reads the legal time of service and its basis')

  // 被告: joined, agreed by telephone, and silent.
  const codes = await world.must(clerk, 'GET', `${at}/join-codes`)
  await world.must(await world.session(defendant), 'POST', '/my/cases/join', { code: codes.items.find((c) => c.party_name === '钱守义').code })
  const address = await world.must(clerk, 'GET', `${at}/service-address`)
  const party = address.parties.find((p) => p.name === '钱守义').party_id
  const postal = { receiver: '钱守义', phone: defendant.identifier, address: '山东省济南市历下区文化东路51号' }
  await world.must(clerk, 'POST', `${at}/service-address`, { party_id: party, agrees: true, postal, told_version: address.told_version, understood: true, proof: 'phone_record' })
  await world.must(clerk, 'PUT', `${at}/service-address/identified`, { party_id: party, basis: '以关联码实名加入本案的账号' })
  const row = async (session) => (await world.must(session, 'GET', `/courts/${COURT}/services?case=${kase}`)).items.find((r) => r.role === '被告')
  await until('an electronic service that waits', async () => ['electronic'].includes((await row(clerk)).state))

  // nobody looks while the server is away
  const errors = contexts.flatMap((c) => c.errors)
  ok(!errors.length, `console: ${errors.slice(0, 3).join('; ')}`)
  for (const c of contexts) await c.close()

  world = await demo.later(2)
  const staff = await world.session(world.person('clerk', COURT))
  await until('a call on the list', async () => (await world.must(staff, 'GET', `/courts/${COURT}/service-tasks?kind=call`)).items.some((t) => t.case_id === kase))
  await world.message(defendant.identifier, /(还没有看到您收悉)/)

  // a week later nobody has answered: the papers are to go by post
  world = await demo.later(7)
  const again = await world.session(world.person('clerk', COURT))
  const task = await until('the post on the list', async () => (await world.must(again, 'GET', `/courts/${COURT}/service-tasks?kind=post`)).items.find((t) => t.case_id === kase))
  const desk = await open(DESK, again)
  await desk.goto(`${world.base}/desk/${COURT}/services`)
  await desk.getByText(docketed.case_number).filter({ visible: true }).first().waitFor()
  await shared.shot?.(desk, 'service-desk')
  const bundle = await fetch(`${world.base}/api/courts/${COURT}/service-tasks/${task.id}/bundle.zip`, { headers: { cookie: again.cookie } })
  ok(bundle.ok && Buffer.from(await bundle.arrayBuffer()).subarray(0, 2).toString() === 'PK', 'the bundle for the post')
  await contexts.at(-1).close()
  const after = contexts.flatMap((c) => c.errors)
  ok(!after.length, `console: ${after.slice(0, 3).join('; ')}`)
}
