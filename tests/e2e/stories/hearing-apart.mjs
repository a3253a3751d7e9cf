// Who hears whom, by what one presses: a talk of a party with counsel, the court among itself, a screen
// shown by leave, a gallery that is cut off at once. On the demo's own hearing; sound and pictures are real.
import { COURT, DESK, PHONE, ok, sleep } from '../kit.mjs'
import { dialog, enter, leave, moving, step } from '../courtroom.mjs'

export const stories = [
  {
    alone: true,
    name: 'a private talk, the panel, a shared screen and a gallery cut off, each by its own button',
    async run(world) {
      const at = await arranged(world)
      const path = `/hearings/${COURT}/${at.id}/room`
      const page = {}
      for (const who of ['judge', 'clerk', 'plaintiff', 'agent']) page[who] = await enter(world, at.sessions[who], DESK, path)
      page.defendant = await enter(world, at.sessions.defendant, PHONE, path)
      await page.judge.locator('[data-court]').waitFor()
      await page.clerk.locator('[data-court]').waitFor()
      await talkedApart(world, page)
      await deliberated(world, page)
      await opened(page)
      await shared(world, page)
      await cutOff(world, page, await enter(world, at.sessions.observer, PHONE, path))
      for (const p of Object.values(page)) await leave(p)
    },
  },
]

/** The demo's hearing with somebody who watches; everybody has read what is to be observed and is known. */
async function arranged(world) {
  const hearing = ok(world.hearings.find((h) => h.court === COURT || h.court_id === COURT), 'the demo has no hearing')
  const at = `/courts/${COURT}/hearings/${hearing.hearing_id}`
  const sessions = {}
  for (const [who, role] of [['judge', 'sole_judge'], ['clerk', 'clerk'], ['agent', 'agent']]) {
    sessions[who] = await world.session(world.people.find((p) => p.identifier === hearing.people.find((x) => x.role === role).identifier))
  }
  for (const side of ['plaintiff', 'defendant']) sessions[side] = await world.session(world.people.find((p) => p.identifier === hearing.people.find((x) => x.role === 'party' && x.side === side).identifier))
  sessions.observer = await world.session(await world.newParty('杜观澜'))
  const asked = await world.must(sessions.observer, 'POST', `${at}/requests`, { kind: 'watch', text: '想来旁听这场公开的庭审' })
  await world.must(sessions.clerk, 'POST', `${at}/requests/${asked.id}/decide`, { grant: true, reasons: '公开审理，旁听席有空位' })
  for (const who of ['plaintiff', 'agent', 'defendant', 'observer']) {
    const { digest } = await world.must(sessions[who], 'GET', `${at}/discipline?what=discipline`)
    await world.must(sessions[who], 'POST', `${at}/acks`, { what: 'discipline', digest, agrees: true })
  }
  const { participants } = await world.must(sessions.clerk, 'GET', at)
  for (const p of participants.filter((x) => ['party', 'agent'].includes(x.role))) await world.must(sessions.clerk, 'POST', `${at}/identity`, { participant_id: p.id, says: 'matches', how: 'id_card' })
  return { id: hearing.hearing_id, sessions }
}
const more = (page) => page.getByRole('button', { name: /^(更多|设备与更多)$/ }).click()
/** Before it opens, a party asks for counsel: only the two see and hear each other, and may shut the door. */
async function talkedApart(world, { plaintiff, agent, defendant }) {
  await plaintiff.getByText('候庭室').first().waitFor()
  await more(plaintiff)
  await dialog(plaintiff).getByRole('button', { name: /私下说话/ }).click()
  await plaintiff.getByText('只有你们听得到').first().waitFor()
  await agent.getByRole('alertdialog').getByText('请您单独谈一谈').waitFor()
  await world.shot(agent, 'apart-invited')
  await agent.getByRole('alertdialog').getByRole('button', { name: '进入' }).click()
  await moving(plaintiff, 2)
  await moving(agent, 2)
  await more(plaintiff)
  await dialog(plaintiff).locator('[data-room-lock]').click()
  await dialog(plaintiff).getByRole('button', { name: '打开房门' }).waitFor()
  await plaintiff.keyboard.press('Escape')
  await world.shot(plaintiff, 'apart-private')
  ok(!(await defendant.getByText('私密会谈').count()), 'the other side learns of the talk')
  for (const page of [plaintiff, agent]) {
    await page.getByRole('button', { name: '离开会谈' }).click()
    await page.getByText('候庭室').first().waitFor()
  }
}
/** The court among itself: judge and clerk see each other, and come back. */
async function deliberated(world, { judge, clerk }) {
  for (const page of [judge, clerk]) {
    await more(page)
    await dialog(page).locator('[data-panel]').click()
    await page.getByText('只有合议庭成员看得到').waitFor()
  }
  await moving(judge, 2)
  await world.shot(judge, 'apart-panel')
  for (const page of [judge, clerk]) {
    await page.getByRole('button', { name: '回到法庭' }).click()
    await page.getByText('只有合议庭成员看得到').waitFor({ state: 'hidden' })
  }
}
async function opened({ judge, plaintiff }) {
  await step(judge, /^开庭/)
  await plaintiff.getByText('正在录音录像').waitFor()
}
/** A party shows its screen once the judge allows it; everybody sees it; it is taken back. */
async function shared(world, { judge, plaintiff, defendant }) {
  const person = async (what) => {
    await judge.locator('[data-court]').getByRole('button', { name: /赵文博/ }).first().click()
    await dialog(judge).getByRole('button', { name: what }).click()
    await judge.keyboard.press('Escape')
  }
  await person('允许共享屏幕')
  await more(plaintiff)
  await dialog(plaintiff).getByRole('button', { name: '共享屏幕', exact: true }).click()
  await defendant.locator('[data-shared]').waitFor()
  await moving(defendant, 2)
  await world.shot(defendant, 'apart-shared')
  await world.shot(judge, 'apart-shared-judge')
  await person('收回共享')
  await defendant.locator('[data-shared]').waitFor({ state: 'hidden' })
}
/** 旁听: sees the court, until one press ends it; and is asked back. */
async function cutOff(world, { judge }, observer) {
  await moving(observer, 1)
  await world.shot(observer, 'apart-gallery')
  await judge.locator('[data-gallery]').click()
  await dialog(judge).getByRole('button', { name: '立即切断' }).click()
  await observer.locator('[data-ended]').waitFor()
  await world.shot(observer, 'apart-gallery-cut')
  await sleep(300)
  await judge.keyboard.press('Escape')
  await leave(observer)
}
