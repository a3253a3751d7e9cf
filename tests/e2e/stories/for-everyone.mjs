import { COURT, DESK, PHONE, inspect, ok } from '../kit.mjs'

const QUIET = [/status of 40[134]/]

/** A hearing of the case, at the first time everybody is free. */
async function hearingOf(world, kase, clerk) {
  const head = await world.session(world.person('presiding_judge', COURT))
  const people = (await world.must(head, 'GET', `/courts/${COURT}/people`)).items
  const [judge, own] = [people.find((p) => p.roles.includes('judge')), people.find((p) => p.person_id === clerk.me.person_id)]
  const parties = (await world.must(clerk, 'GET', `/courts/${COURT}/cases/${kase}`)).parties
  await world.call(await world.session(world.person('court_admin', COURT)), 'POST', `/courts/${COURT}/courtrooms`, { name: '第一法庭', kind: 'physical', place: '1 楼 101 室', gallery: 30, emblem: true, active: true })
  const room = (await world.must(clerk, 'GET', `/courts/${COURT}/courtrooms`)).items.find((r) => r.active)
  const seat = (role, more) => ({ role, elsewhere: false, must_appear: false, minor: false, ...more })
  const order = {
    kind: 'trial', starts_at: new Date(Date.now() + 10 * 86_400_000).toISOString(), minutes: 60, online: true, public: true, courtroom_id: room.id, facts: { objections: [], unable: [], security: false },
    participants: [seat('sole_judge', { person_id: judge.person_id }), seat('clerk', { person_id: own.person_id }), ...parties.map((p) => seat('party', { party_id: p.id }))],
  }
  const { free } = await world.must(clerk, 'POST', `/courts/${COURT}/cases/${kase}/hearings/check`, order)
  return (await world.must(clerk, 'POST', `/courts/${COURT}/cases/${kase}/hearings`, { ...order, starts_at: free[0].from })).summary.id
}

/** Every route, as the person it is for. */
async function places(world) {
  // Made once a run, for all stories of this file.
  Object.getPrototypeOf(world).made ??= (async () => {
    const party = await world.newParty('苏百见')
    const defendant = await world.newParty('潘对方')
    const s = await world.session(party)
    const clerk = await world.session(world.person('clerk', COURT))
    const draft = await world.draft(s, defendant)
    const filing = await world.filing(s, defendant, { more: { facts: '另一件事的经过：二〇二五年春天，被告又借款六万元，至今未还。' } })
    const kase = await world.accepted(s, clerk, defendant, { more: { facts: '第三件事的经过：货款六万元，催要多次，未付。' } })
    const papers = (await world.must(s, 'GET', `/courts/${COURT}/cases/${kase.case_id}`)).papers
    const code = papers.find((p) => p.verify_code)?.verify_code ?? ''
    const hearing = await hearingOf(world, kase.case_id, clerk)
    return { party, draft, filing: filing.filing_id, kase: kase.case_id, code, hearing }
  })()
  const m = await Object.getPrototypeOf(world).made
  const admin = world.person('court_admin', COURT)
  return {
    m,
    list: [
      ['/', null], [`/c/${COURT}`, null], ['/verify', null], [`/verify?code=${m.code}`, null], ['/verify?code=K7QM4TX92HR0', null],
      ['/tools/fee', null], ['/tools/fee?kind=property_acceptance&amount=1234567.89&params=summary', null], ['/tools/deadline', null], ['/tools/deadline?rule=public_notice_defence&trigger=2026-10-10', null],
      ['/sign-in', null], ['/sign-up', null], ['/recover', null], ['/recover/no-such-token', null], ['/no/such/page', null],
      ['/account', m.party], ['/drafts', m.party], ['/file', m.party],
      ...['court', 'cause', 'parties', 'claims', 'evidence', 'service', 'statement'].map((step) => [`/file/${m.draft}?step=${step}`, m.party]),
      [`/filings/${COURT}/${m.filing}`, m.party], ['/cases', m.party], [`/cases/${COURT}/${m.kase}`, m.party], ['/join', m.party], ['/forbidden', m.party],
      ['/cases', world.person('lawyer')],
      ['/desk', world.person('clerk', COURT)], [`/desk/${COURT}/filings`, world.person('clerk', COURT)], [`/desk/${COURT}/filings/${m.filing}`, world.person('clerk', COURT)],
      [`/desk/${COURT}/cases`, world.person('clerk', COURT)], [`/desk/${COURT}/proofs`, world.person('clerk', COURT)], [`/cases/${COURT}/${m.kase}`, world.person('clerk', COURT)],
      [`/desk/${COURT}/filings`, world.person('presiding_judge', COURT)], [`/desk/${COURT}/cases`, world.person('judge', COURT)],
      ...['', '?tab=file', '?tab=papers'].map((tab) => [`/desk/${COURT}/cases/${m.kase}${tab}`, world.person('judge', COURT)]),
      [`/desk/${COURT}/cases/${m.kase}`, world.person('presiding_judge', COURT)], [`/desk/${COURT}/cases/${m.kase}?tab=file`, world.person('clerk', COURT)],
      ['/hearings', m.party], ['/hearings/test', m.party], ['/h/no-such-link', null],
      ...['', '/test', '/waiting'].map((tail) => [`/hearings/${COURT}/${m.hearing}${tail}`, m.party]),
      [`/desk/${COURT}/hearings`, world.person('clerk', COURT)], [`/desk/${COURT}/hearings?span=week`, world.person('judge', COURT)],
      ...['/new', `/new?case=${m.kase}`, '/calls', '/courtrooms', '/board', `/${m.hearing}`, `/${m.hearing}/waiting`].map((tail) => [`/desk/${COURT}/hearings${tail}`, world.person('clerk', COURT)]),
      [`/desk/${COURT}/cases/${m.kase}?tab=hearings`, world.person('judge', COURT)], [`/desk/${COURT}/hearings/board`, world.person('technician', COURT)], [`/desk/${COURT}/hearings/courtrooms`, admin],
      [`/desk/${COURT}/people`, admin], [`/desk/${COURT}/rules`, admin], [`/desk/${COURT}/policies`, world.person('security_admin', COURT)],
      [`/desk/${COURT}/outages`, admin], [`/desk/${COURT}/outages`, world.person('technician', COURT)], [`/desk/${COURT}/audit`, world.person('auditor', COURT)], ['/province', world.person('provincial_admin')],
    ],
  }
}

const isStaff = (person) => Boolean(person?.totp_secret)

async function look(world, kind, { list, large = false, lang = 'zh', only }) {
  const found = []
  const contexts = new Map()
  for (const [path, person] of list.filter(([p, who]) => !only || only(p, who))) {
    const key = person?.identifier ?? ''
    if (!contexts.has(key)) contexts.set(key, await world.context(kind, person ? await world.session(person) : undefined, { large, lang, allow: QUIET }))
    const page = await contexts.get(key).newPage()
    await page.goto(world.base + path)
    await page.waitForLoadState('networkidle')
    await page.waitForTimeout(250)
    const at = new URL(page.url())
    if (person && at.pathname === '/forbidden' && path !== '/forbidden') found.push(`${path} as ${person.name}: not opened`)
    const name = `${path.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'id').replace(/\W+/g, '-').replace(/^-|-$/g, '') || 'home'}${person ? `-${person.roles[0]}` : ''}`
    await world.shot(page, `${kind.viewport.width}${large ? '-large' : ''}${lang === 'en' ? '-en' : ''}-${name}`, { fullPage: kind.viewport.width < 700 })
    for (const f of await inspect(page)) found.push(`${path}${person ? ` as ${person.name}` : ''}: ${f}`)
    await page.close()
  }
  ok(!found.length, `${found.length} things:\n    ${found.slice(0, 30).join('\n    ')}`)
}

export const stories = [
  ...[['by phone', { ...PHONE, deviceScaleFactor: 1 }], ['at a desk', DESK]].flatMap(([where, kind]) => [
    // proves: B70
    { name: `pages for everybody ${where}: no barrier`, run: async (w) => look(w, kind, { ...(await places(w)), only: (p, who) => !isStaff(who) }) },
    // proves: O06 B70
    { name: `pages of the court ${where}: no barrier`, run: async (w) => look(w, kind, { ...(await places(w)), only: (p, who) => isStaff(who) }) },
  ]),
  {
    name: 'large type: the case, the filing, the home page',
    run: async (w) => look(w, PHONE, { ...(await places(w)), large: true, only: (p) => /^\/(cases\/|filings\/|$|file\/.*evidence)/.test(p) }),
  },
  {
    name: 'nothing runs off a 320 px screen',
    run: async (w) => look(w, { ...PHONE, viewport: { width: 320, height: 640 } }, { ...(await places(w)), only: (p) => (!p.startsWith('/desk') || /^\/desk\/\d+\/cases\/./.test(p)) && p !== '/province' }),
  },
  {
    name: 'English: pages, a problem, a date',
    async run(world) {
      const { m } = await places(world)
      const s = await world.session(m.party)
      await world.must(s, 'PATCH', '/account', { language: 'en' })
      try {
        const page = await (await world.context(PHONE, s, { lang: 'en', allow: QUIET })).newPage()
        const chinese = /[\u4e00-\u9fff]{3,}/
        await page.goto(`${world.base}/verify?code=K7QM4TX92HR0`)
        await page.getByText(/0/).first().waitFor()
        await page.goto(`${world.base}/join`)
        await page.getByRole('textbox').first().fill('ABCDEFGH')
        await page.locator('form button[type=submit]').click()
        await page.getByText(/No case found/).first().waitFor().catch(() => ok(false, 'the refusal is not in English'))
        ok((await page.locator('html').getAttribute('lang')) === 'en', 'html lang')
        for (const path of ['/', '/drafts', '/account', `/filings/${COURT}/${m.filing}`]) {
          await page.goto(world.base + path)
          await page.waitForLoadState('networkidle')
          const title = await page.locator('h1').first().innerText()
          // A person's own name and a filing's title stay as they are.
          ok(/^\/(filings|account)/.test(path) || !chinese.test(title), `${path}: the heading is Chinese: ${title}`)
          await world.shot(page, `390-en-${path.split('/')[1] || 'home'}`, { fullPage: true })
        }
      } finally {
        await world.must(s, 'PATCH', '/account', { language: 'zh' })
      }
    },
  },
]
