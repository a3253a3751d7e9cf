import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import type { Me } from '@/api'
import { i18n, setLanguage } from '@/i18n'
import LinkPage from '@/hearing/mine/LinkPage.vue'
import { adopt, loadMe } from '@/session/session'

const linked = { court_id: 370102, court_name: '济南市历下区人民法院', hearing_id: 'h1', kind_name: '庭审', starts_at: '2026-11-26T02:00:00Z' }
const seat = { ...linked, kind_name_en: 'Trial', participant_id: 'p1', plate: '证人', plate_en: 'witness', name: '周巧云' }
const refusal = (status: number, code: string) => new Response(JSON.stringify({ type: 'x', title: code, title_en: code, status, code, detail: code, detail_en: code, cure: code, cure_en: code }), { status, headers: { 'Content-Type': 'application/problem+json' } })
const good = (body: unknown) => new Response(JSON.stringify(body), { headers: { 'Content-Type': 'application/json' } })

async function page(answer: (path: string) => Response) {
  const asked: string[] = []
  vi.stubGlobal('fetch', vi.fn(async (path: string) => (asked.push(String(path)), answer(String(path)))))
  const any = { template: '<i/>' }
  const router = createRouter({ history: createMemoryHistory(), routes: [
    { path: '/', component: any }, { path: '/h/:token', component: any }, { path: '/hearings/:c?/:h?', component: any },
    { path: '/join', name: 'join', component: any }, { path: '/sign-in', name: 'sign-in', component: any }, { path: '/sign-up', name: 'sign-up', component: any },
  ] })
  const shown = mount(LinkPage, { props: { token: 'tok' }, global: {
    plugins: [i18n, router, [VueQueryPlugin, { queryClient: new QueryClient() }]], stubs: { PublicShell: { template: '<div><slot/></div>' } },
  } })
  await vi.waitFor(() => expect(asked.length).toBeGreaterThan(0))
  await flushPromises()
  return { asked, text: () => shown.text(), links: () => shown.findAll('a').map((a) => a.attributes('href')), end: () => shown.unmount() }
}
const signedIn = () => adopt({ person_id: 'x', name: '周巧云', language: 'zh', large_type: false, roles: [], standing: 'natural', proofs: [] } as unknown as Me)

// nobody is signed in on this device yet: that is known without asking
beforeAll(async () => {
  await setLanguage('zh')
  await loadMe({ onlyIfSeen: true })
})
afterEach(() => void vi.unstubAllGlobals())
describe('the link of a notice', () => {
  it('says when and where, and leads back to itself after signing in or up', async () => {
    const p = await page(() => good(linked))
    expect(p.asked).toEqual(['/api/hearing-links'])
    expect(p.text()).toContain('用收到这条短信的手机号')
    expect(p.links().filter((l) => l?.includes('next=/h/tok'))).toHaveLength(2)
    p.end()
  })
  it('goes on from there when it was opened before', async () => {
    const p = await page(() => refusal(409, 'hearing.link_used'))
    expect(p.text()).toContain('这个链接打开过')
    expect(p.links().filter((l) => l?.includes('next=/h/tok'))).toHaveLength(2)
    p.end()
  })
  it('takes the seat for whoever is signed in, and leads to the hearing', async () => {
    signedIn()
    const p = await page(() => good(seat))
    expect(p.asked).toEqual(['/api/hearing-links/take'])
    expect(p.text()).toContain('证人')
    expect(p.links()).toContain('/hearings/370102/h1')
    p.end()
  })
  it('says to a stranger that it is not for this account, and to everybody else why not', async () => {
    signedIn()
    const stranger = await page(() => refusal(404, 'not_found'))
    expect(stranger.text()).toContain('不是发给您这个账号的手机号')
    stranger.end()
    const held = await page(() => refusal(409, 'hearing.seat_held'))
    expect(held.text()).toContain('hearing.seat_held')
    held.end()
    const party = await page(() => refusal(409, 'hearing.seat_of_case'))
    expect(party.links()).toContain('/join')
    party.end()
  })
})
