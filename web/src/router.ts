import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import type { RoleName } from '@/api/types'
import { say } from '@/i18n'
import { loadMe, useSession } from '@/session/session'

declare module 'vue-router' {
  interface RouteMeta {
    /** i18n key of the document title */
    title: string
    /** only for people signed in */
    auth?: boolean
    /** any of these roles, at the route's court when it names one */
    roles?: RoleName[]
    /** a change of params keeps the page (queues, wizards); without it the page is made anew */
    keepPage?: boolean
  }
}

const court = ':court(\\d+)'
const desk = (name: string, title: string, roles: RoleName[], page: RouteRecordRaw['component'], tail = ''): RouteRecordRaw =>
  ({
    path: `/desk/${court}/${name}${tail}`, name: `desk-${name}`, component: page,
    props: (to) => ({ court: Number(to.params.court), ...(tail ? { filing: to.params.filing || undefined } : {}) }),
    meta: { title, auth: true, roles, keepPage: true },
  }) as RouteRecordRaw
const courtProps = (to: { params: Record<string, string | string[]> }) => ({ ...to.params, court: Number(to.params.court) })
const hearingProps = (to: { params: Record<string, string | string[]> }) => ({ court: Number(to.params.court), hearingId: String(to.params.hearing) })

export const routes: RouteRecordRaw[] = [
  { path: '/', name: 'home', component: () => import('@/pages/home/HomePage.vue'), meta: { title: 'home.title' } },
  { path: `/c/${court}`, name: 'court', component: () => import('@/pages/home/CourtPage.vue'), props: courtProps, meta: { title: 'home.court_title' } },
  { path: '/verify', name: 'verify', component: () => import('@/pages/verify/VerifyPage.vue'), meta: { title: 'verify.title', keepPage: true } },
  { path: '/tools/fee', name: 'tool-fee', component: () => import('@/pages/tools/FeePage.vue'), meta: { title: 'tools.fee.title', keepPage: true } },
  { path: '/tools/deadline', name: 'tool-deadline', component: () => import('@/pages/tools/DeadlinePage.vue'), meta: { title: 'tools.deadline.title', keepPage: true } },
  { path: '/outages', name: 'outages', component: () => import('@/pages/outages/OutagesPage.vue'), meta: { title: 'outages.title', keepPage: true } },

  { path: '/sign-in', name: 'sign-in', component: () => import('@/pages/account/SignInPage.vue'), meta: { title: 'account.sign_in' } },
  { path: '/sign-up', name: 'sign-up', component: () => import('@/pages/account/SignUpPage.vue'), meta: { title: 'account.sign_up', keepPage: true } },
  { path: '/recover', name: 'recover-ask', component: () => import('@/pages/account/RecoverAskPage.vue'), meta: { title: 'account.recover' } },
  { path: '/recover/:token', name: 'recover', component: () => import('@/pages/account/RecoverPage.vue'), props: true, meta: { title: 'account.recover' } },
  { path: '/account', name: 'account', component: () => import('@/pages/account/AccountPage.vue'), meta: { title: 'account.title', auth: true } },
  { path: '/account/software', name: 'software', component: () => import('@/pages/account/SoftwarePage.vue'), meta: { title: 'software.title', auth: true } },

  { path: '/drafts', name: 'drafts', component: () => import('@/pages/file/DraftsPage.vue'), meta: { title: 'file.drafts_title', auth: true } },
  { path: '/file/:draft?', name: 'file', component: () => import('@/pages/file/FilePage.vue'), props: true, meta: { title: 'file.title', auth: true, keepPage: true } },
  { path: `/filings/${court}/:filing`, name: 'filing', component: () => import('@/pages/file/FilingPage.vue'), props: courtProps, meta: { title: 'file.filing_title', auth: true } },

  { path: '/cases', name: 'cases', component: () => import('@/pages/cases/CasesPage.vue'), meta: { title: 'cases.title', auth: true } },
  { path: `/cases/${court}/:case`, name: 'case', component: () => import('@/pages/cases/CasePage.vue'),
    props: (to) => ({ court: Number(to.params.court), caseId: String(to.params.case) }), meta: { title: 'cases.case_title', auth: true } },
  { path: `/cases/${court}/:case/fees`, name: 'case-fees', component: () => import('@/pages/cases/FeesPage.vue'),
    props: (to) => ({ court: Number(to.params.court), caseId: String(to.params.case) }), meta: { title: 'fees.title', auth: true } },
  { path: '/inbox', name: 'inbox', component: () => import('@/pages/inbox/InboxPage.vue'), meta: { title: 'service.inbox.title', auth: true, keepPage: true } },
  { path: `/inbox/${court}/:case/:recipient`, name: 'served', component: () => import('@/pages/inbox/ServedPage.vue'),
    props: (to) => ({ court: Number(to.params.court), caseId: String(to.params.case), recipientId: String(to.params.recipient) }), meta: { title: 'service.inbox.title', auth: true } },
  { path: '/hearings', name: 'my-hearings', component: () => import('@/hearing/mine/MyHearingsPage.vue'), meta: { title: 'hearing_mine.mine.title', auth: true } },
  { path: '/hearings/test', name: 'self-test', component: () => import('@/hearing/before/TestPage.vue'), meta: { title: 'hearing_before.self.title', auth: true, keepPage: true } },
  { path: `/hearings/${court}/:hearing`, name: 'my-hearing', component: () => import('@/hearing/mine/HearingPage.vue'), props: hearingProps, meta: { title: 'hearing_desk.one', auth: true } },
  { path: `/hearings/${court}/:hearing/test`, name: 'hearing-test', component: () => import('@/hearing/before/TestPage.vue'), props: hearingProps, meta: { title: 'hearing_before.self.title', auth: true, keepPage: true } },
  { path: `/hearings/${court}/:hearing/waiting`, name: 'hearing-waiting', component: () => import('@/hearing/before/WaitingPage.vue'), props: hearingProps, meta: { title: 'hearing_before.wait.title', auth: true, keepPage: true } },
  { path: '/s/:token', name: 'service-link', component: () => import('@/service/LinkPage.vue'), props: true, meta: { title: 'service.link.title' } },
  { path: '/h/:token', name: 'hearing-link', component: () => import('@/hearing/mine/LinkPage.vue'), props: true, meta: { title: 'hearing_mine.link.title' } },
  { path: `/hearings/${court}/:hearing/room`, name: 'hearing-room', component: () => import('@/hearing/room/RoomPage.vue'), props: hearingProps, meta: { title: 'hearing.title', auth: true, keepPage: true } },
  { path: `/hearings/${court}/:hearing/sign/:what(agreement)?`, name: 'hearing-sign', component: () => import('@/hearing/sign/SignPage.vue'), props: (to) => ({ ...hearingProps(to), what: to.params.what || undefined }), meta: { title: 'hearing_sign.sign.title', auth: true, keepPage: true } },
  { path: `/hearings/${court}/:hearing/record`, name: 'hearing-record', component: () => import('@/hearing/record/RecordPage.vue'), props: hearingProps, meta: { title: 'hearing_record.file.title', auth: true, keepPage: true } },
  { path: '/sign/:token', name: 'sign-link', component: () => import('@/hearing/sign/SignLinkPage.vue'), props: true, meta: { title: 'hearing_sign.sign.title' } },
  { path: '/join', name: 'join', component: () => import('@/pages/cases/JoinPage.vue'), meta: { title: 'cases.join_title', auth: true } },

  { path: '/desk', name: 'desk', component: () => import('@/pages/desk/ChooserPage.vue'), meta: { title: 'desk.title', auth: true } },
  desk('filings', 'desk.nav.filings', ['clerk', 'judge', 'presiding_judge'], () => import('@/pages/desk/FilingsPage.vue'), '/:filing?'),
  desk('cases', 'desk.nav.cases', ['clerk', 'judge', 'presiding_judge'], () => import('@/pages/desk/CasesPage.vue')),
  desk('fees', 'desk.nav.fees', ['clerk', 'presiding_judge'], () => import('@/pages/desk/FeesPage.vue')),
  { path: `/desk/${court}/cases/:case`, name: 'desk-case', component: () => import('@/pages/desk/CasePage.vue'),
    props: (to) => ({ court: Number(to.params.court), caseId: String(to.params.case) }), meta: { title: 'cases.case_title', auth: true, roles: ['clerk', 'judge', 'presiding_judge'] } },
  desk('services', 'desk.nav.services', ['clerk', 'judge', 'presiding_judge'], () => import('@/pages/desk/ServicesPage.vue')),
  desk('hearings', 'desk.nav.hearings', ['clerk', 'judge', 'presiding_judge', 'technician'], () => import('@/hearing/schedule/ProgramPage.vue')),
  { path: `/desk/${court}/hearings/new`, name: 'desk-hearing-new', component: () => import('@/hearing/schedule/NewHearingPage.vue'), props: courtProps, meta: { title: 'hearing_plan.plan.title', auth: true, roles: ['clerk', 'judge', 'presiding_judge'], keepPage: true } },
  { path: `/desk/${court}/hearings/calls`, name: 'desk-hearing-calls', component: () => import('@/hearing/schedule/CallsPage.vue'), props: courtProps, meta: { title: 'hearing_desk.part.calls', auth: true, roles: ['clerk', 'technician'], keepPage: true } },
  { path: `/desk/${court}/hearings/board`, name: 'desk-hearing-board', component: () => import('@/hearing/schedule/BoardPage.vue'), props: courtProps, meta: { title: 'hearing_desk.part.board', auth: true, roles: ['technician', 'clerk'], keepPage: true } },
  { path: `/desk/${court}/hearings/courtrooms`, name: 'desk-courtrooms', component: () => import('@/hearing/schedule/CourtroomsPage.vue'), props: courtProps, meta: { title: 'hearing_desk.part.rooms', auth: true, roles: ['court_admin', 'clerk', 'judge', 'presiding_judge'], keepPage: true } },
  { path: `/desk/${court}/hearings/recordings`, name: 'desk-recording-requests', component: () => import('@/hearing/schedule/RecordingRequestsPage.vue'), props: courtProps, meta: { title: 'hearing_desk.part.recordings', auth: true, roles: ['clerk', 'judge', 'presiding_judge'], keepPage: true } },
  { path: `/desk/${court}/hearings/:hearing`, name: 'desk-hearing', component: () => import('@/hearing/schedule/HearingPage.vue'), props: hearingProps, meta: { title: 'hearing_desk.one', auth: true, roles: ['clerk', 'judge', 'presiding_judge', 'technician'] } },
  { path: `/desk/${court}/hearings/:hearing/waiting`, name: 'desk-hearing-waiting', component: () => import('@/hearing/before/WaitingDeskPage.vue'), props: hearingProps, meta: { title: 'hearing_desk.part.waiting', auth: true, roles: ['clerk', 'technician'], keepPage: true } },
  desk('people', 'desk.nav.people', ['court_admin', 'provincial_admin', 'presiding_judge'], () => import('@/pages/desk/PeoplePage.vue')),
  desk('rules', 'desk.nav.rules', ['court_admin', 'provincial_admin'], () => import('@/pages/desk/RulesPage.vue')),
  { path: `/desk/${court}/templates/:name?`, name: 'desk-templates', component: () => import('@/pages/desk/TemplatesPage.vue'),
    props: (to) => ({ court: Number(to.params.court), name: to.params.name ? String(to.params.name) : undefined }), meta: { title: 'desk.nav.templates', auth: true, roles: ['court_admin'], keepPage: true } },
  desk('policies', 'desk.nav.policies', ['security_admin', 'court_admin'], () => import('@/pages/desk/PoliciesPage.vue')),
  desk('outages', 'outages.desk.title', ['clerk', 'judge', 'court_admin', 'technician', 'provincial_admin'], () => import('@/pages/desk/OutagesPage.vue')),
  desk('counter', 'desk.nav.counter', ['clerk'], () => import('@/pages/desk/CounterPage.vue')),
  desk('proofs', 'desk.nav.proofs', ['clerk'], () => import('@/pages/desk/ProofsPage.vue')),
  desk('audit', 'desk.nav.audit', ['auditor'], () => import('@/pages/desk/AuditPage.vue')),
  { path: '/province', name: 'province', component: () => import('@/pages/province/ProvincePage.vue'), meta: { title: 'province.title', auth: true, roles: ['provincial_admin'] } },
  { path: '/province/hearings', name: 'province-hearings', component: () => import('@/hearing/schedule/ProvinceBoardPage.vue'), meta: { title: 'hearing_board.province.title', auth: true, roles: ['provincial_admin'], keepPage: true } },
  { path: '/province/calendar', name: 'province-calendar', component: () => import('@/pages/province/CalendarPage.vue'), meta: { title: 'calendar.title', auth: true, roles: ['provincial_admin'], keepPage: true } },

  { path: '/forbidden', name: 'forbidden', component: () => import('@/pages/home/ForbiddenPage.vue'), meta: { title: 'home.forbidden_title' } },
  { path: '/:rest(.*)*', name: 'lost', component: () => import('@/pages/home/LostPage.vue'), meta: { title: 'home.lost_title' } },
]

export const router = createRouter({
  history: createWebHistory(),
  routes,
  scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 }),
})

router.beforeEach(async (to) => {
  if (!to.meta.auth) {
    void loadMe({ onlyIfSeen: true })
    return true
  }
  await loadMe()
  const { signedIn, hasAny } = useSession()
  if (!signedIn.value) return { name: 'sign-in', query: { next: to.fullPath } }
  const at = to.params.court ? Number(to.params.court) : undefined
  if (to.meta.roles && !hasAny(to.meta.roles, at)) return { name: 'forbidden', query: { from: to.fullPath } }
  return true
})

router.afterEach((to, from) => {
  document.title = `${say(to.meta.title)} · ${say('common.product')}`
  // A screen reader hears the new page; the first load keeps the browser's own start.
  if (from.matched.length && to.path !== from.path) requestAnimationFrame(() => document.getElementById('main')?.focus({ preventScroll: true }))
})

// After an upgrade the old chunks are gone: take the new page from the server instead of doing nothing.
router.onError((error, to) => {
  if (/dynamically imported module|Importing a module script failed|preload/i.test(String(error))) window.location.assign(to.fullPath)
})
