// What the pictures show: filings, cases and drafts of invented people, made once per demo by the API.
import { ok } from '../../tests/e2e/kit.mjs'

const cause = (code, name, domain = 'civil') => ({ code, domain, edition: '2026', name })
/** Filings that wait in the queue: who, against whom, about what. */
const WAITING = [
  ['周桂兰', '济南恒润装饰工程有限公司', cause('120.7', '装饰装修合同纠纷'), 9_890_000],
  ['徐凤霞', '高志强', cause('411', '机动车交通事故责任纠纷'), 12_640_000],
  ['刘洪涛', '张书琴', cause('108.3', '民间借贷纠纷'), 8_000_000],
  ['韩雪梅', '济南启明教育培训学校', cause('116.2', '房屋租赁合同纠纷'), 3_600_000],
]

const organisation = (name, i) => ({ side: 'defendant', kind: 'legal', name, uscc: '91370102MA3K7Q2C45', domicile: `山东省济南市历下区工业南路 ${60 + i} 号`, rep_name: '魏国栋', rep_post: '总经理', phone: '13905310000', email: '' })
const ITEMS = [
  { step: 'parties', field: '/parties/1/phone', what: '被告的电话打不通', where: '被告 · 电话', cure: '请填写被告现在使用的手机号码。不知道的，请写明您找过哪些办法。' },
  { step: 'evidence', field: '/evidence/1', what: '转账记录看不出收款人', where: '证据 2', cure: '请补一张能看到收款人姓名的截图，或到银行打印这一笔的凭证。' },
]

export async function play(world, court, others) {
  const courts = [court, ...others]
  const me = world.person('party')
  const s = await world.session(me)
  const them = world.people.filter((p) => p.roles.includes('party') && p !== me)
  const lawyer = world.person('lawyer')
  await world.must(s, 'PATCH', '/account', { language: 'zh' })
  const story = (facts) => ({ more: { facts } })

  // Three cases in three courts, the lawyer in each.
  const cases = []
  for (const at of courts) {
    const clerk = await world.session(world.person('clerk', at))
    const got = await world.accepted(s, clerk, them[0], { court: at, ...story('2024 年 8 月 30 日，被告因资金周转向原告借款 60,000 元，出具借条，约定 2025 年 8 月 31 日前归还。到期后原告多次催要，被告至今未还。') })
    const kase = await world.must(s, 'GET', `/courts/${at}/cases/${got.case_id}`)
    const mine = kase.parties.find((p) => p.name === me.name)
    const order = { party_id: mine.id, licence: lawyer.licence, name: lawyer.name, unit: '山东泉城律师事务所', power: 'special', file_ids: [] }
    const draft = await world.must(s, 'POST', '/my/drafts', { kind: 'civil', court_id: at })
    order.file_ids = [(await world.upload(s, draft.id, '授权委托书.pdf', world.files.pdf)).id]
    await world.must(s, 'POST', `/courts/${at}/cases/${got.case_id}/representatives`, order)
    cases.push(got.case_id)
  }
  // One with everybody of the court named.
  const judge = await world.session(world.person('presiding_judge', court))
  const staff = { judge: world.person('judge', court), clerk: world.person('clerk', court) }
  const people = (await world.must(judge, 'GET', `/courts/${court}/people`)).items
  const id = (p) => people.find((x) => x.name === p.name)?.person_id
  await world.must(judge, 'PUT', `/courts/${court}/cases/${cases[0]}/staff`, { judge: id(staff.judge), clerk: id(staff.clerk), presiding: null })
  const kase = await world.must(s, 'GET', `/courts/${court}/cases/${cases[0]}`)

  // Returned for two things; and one that waits.
  const clerk = await world.session(world.person('clerk', court))
  const returned = await world.filing(s, them[1], story('2025 年 3 月 2 日，被告以装修为由向原告借款 60,000 元，约定三个月内归还，至今未还。'))
  const at = `/courts/${court}/filings/${returned.filing_id}`
  await world.must(clerk, 'POST', `${at}/claim`)
  const f = await world.must(clerk, 'GET', at)
  await world.must(clerk, 'POST', `${at}/return`, { items: ITEMS, days: 7 }, { 'If-Match': `"${f.version}"` })
  const filing = await world.filing(s, them[2] ?? them[1], story('2025 年 6 月 18 日，被告向原告借款 60,000 元购置车辆，承诺年底还清，到期未还。'))

  for (const [i, [name, against, about, amount]] of WAITING.entries()) {
    const p = await world.newParty(name)
    const ps = await world.session(p)
    const parties = /公司|学校/.test(against) ? { organisation: organisation(against, i) } : { person: await world.newParty(against) }
    const draft = await world.draft(ps, parties.person ?? them[0], { court, more: { cause: about, amount_fen: amount, claims: [{ id: 'c1', text: '判令被告向原告赔偿损失', amount_fen: amount }, { id: 'c2', text: '诉讼费用由被告承担' }] } })
    if (parties.organisation) {
      const d = await world.must(ps, 'GET', `/my/drafts/${draft}`)
      await world.must(ps, 'PATCH', `/my/drafts/${draft}`, { parties: [d.content.parties[0], { id: 'p2', ...parties.organisation }] }, { 'If-Match': `"${d.version}"` })
    }
    const check = await world.must(ps, 'GET', `/my/drafts/${draft}/check`)
    const ids = (level) => check.items.filter((x) => x.level === level).map((x) => x.id)
    await world.must(ps, 'POST', `/my/drafts/${draft}/submit`, { confirmed: ids('warn'), send_anyway: ids('block') })
  }
  // A draft with two things open, and a paper's code.
  const draft = await world.draft(s, them[1])
  const d = await world.must(s, 'GET', `/my/drafts/${draft}`)
  await world.must(s, 'PATCH', `/my/drafts/${draft}`, { evidence: [d.content.evidence[0], { ...d.content.evidence[1], purpose: '' }], statement: { accepted: false, version: '2025' } }, { 'If-Match': `"${d.version}"` })
  const code = ok(kase.papers.find((p) => p.verify_code), 'no paper with a code').verify_code
  return { filing: filing.filing_id, returned: returned.filing_id, kase: cases[0], draft, code }
}
