/**
 * Every call of the contract, once. Pages import `api` and never write a path.
 * Creating calls take a key made by newKey() when the person's intention begins,
 * so that pressing twice, or a retry after a lost network, creates one thing.
 */
import { bytes, call, url } from './client'
import { before, hearings } from './hearings'
import type * as T from './types'

export { newKey } from './client'
export { ApiProblem, asProblem, fieldSentence } from './problem'
export type * from './types'

type Id = T.Uuid
type C = T.CourtId
type Page = {
  cursor?: string
  limit?: number
}
const filing = (c: C, f: Id) => `/courts/${c}/filings/${f}`
const kase = (c: C, k: Id) => `/courts/${c}/cases/${k}`
const served = (c: C, s: Id, r: Id) => `/courts/${c}/inbox/${s}/${r}`
const hook = (h: Id) => `/my/webhooks/${h}`
const template = (c: C, name: string) => `/courts/${c}/templates/${encodeURIComponent(name)}`
const recipient = (c: C, s: Id, r: Id) => `/courts/${c}/services/${s}/recipients/${r}`

export const api = {
  bootstrap: () => call<T.Bootstrap>('GET', '/bootstrap'),
  courts: (q: { q?: string; level?: T.CourtLevel } = {}) => call<{ items: T.Court[] }>('GET', '/courts', { query: q }),
  court: (c: C) => call<T.CourtDetail>('GET', `/courts/${c}`),
  courtPolicy: (c: C) => call<T.CourtPolicy>('GET', `/courts/${c}/policy`),
  causes: (q: { domain: T.FilingKind; q?: string; date?: T.Day; limit?: number }, signal?: AbortSignal) =>
    call<{ items: T.Cause[] }>('GET', '/causes', { query: q, signal }),
  form: (id: string, edition?: string) => call<T.Form>('GET', `/forms/${encodeURIComponent(id)}`, { query: { edition } }),
  calculators: {
    fee: (q: T.FeeQuery) => call<T.FeeAnswer>('GET', '/calculators/fee', { query: { ...q } }),
    feeKinds: () => call<{ items: T.FeeKind[] }>('GET', '/calculators/fee/kinds'),
    deadline: (q: T.DeadlineQuery) => call<T.DeadlineAnswer>('GET', '/calculators/deadline', { query: { ...q } }),
    deadlineRules: () => call<T.DeadlineRules>('GET', '/calculators/deadline/rules'),
  },
  verifyPaper: (code: string) => call<T.PaperVerdict>('GET', '/papers/verify', { query: { code } }),

  account: {
    sendCode: (mobile: string, purpose: T.CodePurpose) =>
      call<T.CodeSent>('POST', '/account/codes', { body: { mobile, purpose }, ownsSignIn: true }),
    signUp: (body: T.SignUp, key: Id) => call<T.Me>('POST', '/account/sign-up', { body, key, ownsSignIn: true }),
    signIn: (body: T.SignIn) => call<T.Me>('POST', '/account/sign-in', { body, ownsSignIn: true }),
    signOut: () => call<void>('POST', '/account/sign-out', { ownsSignIn: true }),
    me: () => call<T.Me>('GET', '/account', { ownsSignIn: true }),
    patch: (body: T.MePatch) => call<T.Me>('PATCH', '/account', { body }),
    addProof: (body: T.NewProof, key: Id) => call<T.Proof>('POST', '/account/proofs', { body, key }),
    checkProof: (proof: Id, method: 'registry' | 'face') =>
      call<T.Proof>('POST', `/account/proofs/${proof}/check`, { body: { method } }),
    setMobile: (body: { mobile: string; code: string; password: string }) => call<void>('POST', '/account/mobile', { body }),
    setPassword: (body: { current?: string; code?: string; password: string }) =>
      call<void>('POST', '/account/password', { body, ownsSignIn: body.current !== undefined }),
    askRecovery: (identifier: string) => call<void>('POST', '/account/recovery', { body: { identifier }, ownsSignIn: true }),
    recover: (token: string, password: string) =>
      call<void>('POST', `/account/recovery/${encodeURIComponent(token)}`, { body: { password }, ownsSignIn: true }),
    startTotp: () => call<T.TotpSecret>('POST', '/account/totp'),
    stepUp: (code: string) => call<void>('POST', '/account/step-up', { body: { code } }),
    confirmTotp: (code: string) => call<void>('POST', '/account/totp/confirm', { body: { code } }),
    sessions: () => call<{ items: T.SessionInfo[] }>('GET', '/account/sessions'),
    endSession: (id: Id) => call<void>('DELETE', `/account/sessions/${id}`),
  },

  my: {
    filings: (q: { state?: T.FilingState } & Page = {}) => call<T.ListOf<T.FilingSummary>>('GET', '/my/filings', { query: q }),
    cases: (q: { q?: string; court?: C; stage?: string; capacity?: T.Capacity; closed?: boolean } & Page = {}) =>
      call<T.ListOf<T.CaseSummary>>('GET', '/my/cases', { query: q }),
    views: () => call<{ items: T.SavedView[] }>('GET', '/my/views'),
    addView: (body: Pick<T.SavedView, 'name' | 'query'>, key: Id) => call<T.SavedView>('POST', '/my/views', { body, key }),
    removeView: (id: Id) => call<void>('DELETE', `/my/views/${id}`),
    join: (code: string) => call<T.Joined>('POST', '/my/cases/join', { body: { code } }),
    startUpload: (body: { name: string; size: number }, key: Id) => call<T.Upload>('POST', '/my/files', { body, key }),
    fileUrl: (file: Id) => url(`/my/files/${file}/content`),
  },

  drafts: {
    create: (body: { court_id?: C; kind: T.FilingKind }, key: Id) => call<T.Draft>('POST', '/my/drafts', { body, key }),
    list: () => call<{ items: T.DraftSummary[] }>('GET', '/my/drafts'),
    get: (d: Id) => call<T.Draft>('GET', `/my/drafts/${d}`),
    patch: (d: Id, version: number, patch: T.ContentPatch) =>
      call<T.Saved>('PATCH', `/my/drafts/${d}`, { body: patch, ifMatch: version }),
    remove: (d: Id) => call<void>('DELETE', `/my/drafts/${d}`),
    check: (d: Id) => call<T.CheckReport>('GET', `/my/drafts/${d}/check`),
    pleadingUrl: (d: Id) => url(`/my/drafts/${d}/pleading.pdf`),
    submit: (d: Id, body: { confirmed: string[]; send_anyway: string[] }, key: Id) =>
      call<T.FilingReceipt>('POST', `/my/drafts/${d}/submit`, { body, key }),
    offline: (d: Id, reason: string, show: boolean, key: Id) => call<T.OfflineWish>('POST', `/my/drafts/${d}/offline`, { body: { reason, show_content: show }, key }),
    startUpload: (d: Id, body: { name: string; size: number; last_modified?: number }, key: Id) =>
      call<T.Upload>('POST', `/my/drafts/${d}/files`, { body, key }),
    removeFile: (d: Id, f: Id) => call<void>('DELETE', `/my/drafts/${d}/files/${f}`),
    photos: (d: Id, body: { file_ids: Id[]; name: string }, key: Id) =>
      call<T.DraftFile>('POST', `/my/drafts/${d}/photos`, { body, key }),
  },

  uploads: {
    get: (u: Id) => call<T.Upload>('GET', `/my/uploads/${u}`),
    putPart: (u: Id, n: number, raw: Blob, signal?: AbortSignal) =>
      call<void>('PUT', `/my/uploads/${u}/parts/${n}`, { raw, signal }),
    complete: (u: Id) => call<T.DraftFile>('POST', `/my/uploads/${u}/complete`),
    cancel: (u: Id) => call<void>('DELETE', `/my/uploads/${u}`),
  },

  filings: {
    list: (c: C, q: { state?: T.FilingState | 'uncorrected'; q?: string } & Page = {}) =>
      call<T.ListOf<T.FilingSummary>>('GET', `/courts/${c}/filings`, { query: q }),
    counter: (c: C, q: { q?: string } & Page = {}) => call<T.ListOf<T.OfflineFiling>>('GET', `/courts/${c}/offline`, { query: q }),
    counterOne: (c: C, o: Id) => call<T.OfflineFiling>('GET', `/courts/${c}/offline/${o}`),
    stats: (c: C) => call<T.FilingStats>('GET', `/courts/${c}/filings/stats`),
    get: (c: C, f: Id) => call<T.Filing>('GET', filing(c, f)),
    claim: (c: C, f: Id) => call<T.Claim>('POST', `${filing(c, f)}/claim`),
    release: (c: C, f: Id) => call<void>('DELETE', `${filing(c, f)}/claim`),
    giveBack: (c: C, f: Id, version: number, body: { items: T.NewCorrection[]; days: number }, key: Id) =>
      call<T.Filing>('POST', `${filing(c, f)}/return`, { body, ifMatch: version, key }),
    accept: (c: C, f: Id, version: number, procedure: T.Procedure, documents_compared: boolean, key: Id) =>
      call<T.Accepted>('POST', `${filing(c, f)}/accept`, { body: { procedure, documents_compared }, ifMatch: version, key }),
    refuse: (c: C, f: Id, version: number, reason: string, key: Id) =>
      call<T.Filing>('POST', `${filing(c, f)}/refuse`, { body: { reason }, ifMatch: version, key }),
    transfer: (c: C, f: Id, version: number, body: { to_court: C; reason: string }, key: Id) =>
      call<T.Filing>('POST', `${filing(c, f)}/transfer`, { body, ifMatch: version, key }),
    withdraw: (c: C, f: Id, version: number, reason: string, key: Id) =>
      call<T.Filing>('POST', `${filing(c, f)}/withdraw`, { body: { reason }, ifMatch: version, key }),
    correct: (c: C, f: Id, key: Id) => call<T.Draft>('POST', `${filing(c, f)}/correct`, { key }),
    fileUrl: (c: C, f: Id, file: Id) => url(`${filing(c, f)}/files/${file}/content`),
    paperUrl: (c: C, paper: Id) => url(`/courts/${c}/papers/${paper}/content`),
  },

  cases: {
    appeals: (c: C, k: Id) => call<T.Appeals>('GET', `${kase(c, k)}/appeals`),
    appeal: (c: C, k: Id, body: T.AppealOrder, key: Id) => call<T.Appeals>('POST', `${kase(c, k)}/appeals`, { body, key }),
    /** 退卷, of second instance */
    returnFile: (c: C, k: Id) => call<void>('PUT', `${kase(c, k)}/file-return`),
    sendAppeal: (c: C, k: Id, appeal: Id) => call<T.Appeals>('PUT', `${kase(c, k)}/appeals/${appeal}/sending`),
    list: (c: C, q: { q?: string; stage?: string; closed?: boolean } & Page = {}) =>
      call<T.ListOf<T.CaseSummary>>('GET', `/courts/${c}/cases`, { query: q }),
    get: (c: C, k: Id) => call<T.Case>('GET', kase(c, k)),
    file: (c: C, k: Id, q?: string) => call<T.CaseFile>('GET', `${kase(c, k)}/file`, { query: { q } }),
    leafUrl: (c: C, k: Id, leaf: Id) => url(`${kase(c, k)}/leaves/${leaf}/content`),
    zipUrl: (c: C, k: Id) => url(`${kase(c, k)}/file.zip`),
    folders: (kind: 'civil' | 'enforcement') => call<{ items: T.FolderName[] }>('GET', '/case-folders', { query: { kind } }),
    addLeaf: (c: C, k: Id, body: { file_id: Id; folder: number; volume: T.Volume; title: string }, key: Id) =>
      call<T.Leaf>('POST', `${kase(c, k)}/leaves`, { body, key }),
    seal: (c: C, k: Id, body: { sealed: boolean; reason: string }) => call<T.Case>('PUT', `${kase(c, k)}/seal`, { body }),
    assign: (c: C, k: Id, body: { judge: Id | null; clerk: Id | null; presiding: Id | null; reason?: string }) =>
      call<T.Case>('PUT', `${kase(c, k)}/staff`, { body }),
    /** 随机分案: draws the first judge of a case */
    draw: (c: C, k: Id, key: Id) => call<{ judge_name: string }>('POST', `${kase(c, k)}/allocation`, { body: { way: 'random' }, key }),
    close: (c: C, k: Id, body: { manner: T.Manner; closed_on: T.Day; note: string }) => call<T.Case>('PUT', `${kase(c, k)}/closing`, { body }),
    reopen: (c: C, k: Id, reason: string) => call<T.Case>('PUT', `${kase(c, k)}/reopening`, { body: { reason } }),
    joinCodes: (c: C, k: Id) => call<{ items: T.JoinCode[] }>('GET', `${kase(c, k)}/join-codes`),
    addRepresentative: (
      c: C, k: Id,
      body: { party_id: Id; licence: string; name: string; unit: string; power: string; file_ids: Id[] },
      key: Id,
    ) => call<T.Case>('POST', `${kase(c, k)}/representatives`, { body, key }),
    removeRepresentative: (c: C, k: Id, id: Id) => call<void>('DELETE', `${kase(c, k)}/representatives/${id}`),
    addColleague: (c: C, k: Id, licence: string, key: Id) =>
      call<void>('POST', `${kase(c, k)}/colleagues`, { body: { licence }, key }),
    removeColleague: (c: C, k: Id, person: Id) => call<void>('DELETE', `${kase(c, k)}/colleagues/${person}`),
  },

  fees: {
    of: (c: C, k: Id) => call<T.CaseFees>('GET', `${kase(c, k)}/fees`),
    assess: (c: C, k: Id, body: T.AssessOrder, key: Id) => call<T.CaseFees>('POST', `${kase(c, k)}/fees`, { body, key }),
    cancel: (c: C, bill: Id, reason: string) => call<T.CaseFees>('PUT', `/courts/${c}/fees/${bill}/cancellation`, { body: { reason } }),
    pay: (c: C, bill: Id, form: T.FeeOrder['form']) => call<T.FeeOrder>('POST', `/courts/${c}/fees/${bill}/orders`, { body: { form } }),
    order: (c: C, order: Id) => call<T.FeeOrder>('GET', `/courts/${c}/fee-orders/${order}`),
    askRefund: (c: C, bill: Id, body: { amount_fen: T.Fen; ground: T.RefundGround; reason: string }, key: Id) =>
      call<T.CaseFees>('POST', `/courts/${c}/fees/${bill}/refunds`, { body, key }),
    decideRefund: (c: C, refund: Id, grant: boolean, reason: string) =>
      call<T.CaseFees>('PUT', `/courts/${c}/fee-refunds/${refund}/decision`, { body: { grant, reason } }),
    proveRefund: (c: C, refund: Id, reference: string) => call<T.CaseFees>('PUT', `/courts/${c}/fee-refunds/${refund}/proof`, { body: { reference } }),
    askRelief: (c: C, bill: Id, body: { kind: T.ReliefKind; grounds: string; file_ids: Id[] }) => call<T.CaseFees>('POST', `/courts/${c}/fees/${bill}/reliefs`, { body }),
    decideRelief: (c: C, relief: Id, body: { grant: boolean; percent?: number; until?: T.Day; reason: string }) =>
      call<T.CaseFees>('PUT', `/courts/${c}/fee-reliefs/${relief}/decision`, { body }),
    withdraw: (c: C, bill: Id) => call<T.CaseFees>('PUT', `/courts/${c}/fees/${bill}/withdrawal`),
    list: (c: C, state?: T.BillState | 'overdue') => call<{ items: T.FeeLine[] }>('GET', `/courts/${c}/fees`, { query: { state } }),
    transfers: (c: C) => call<{ items: T.FeeTransfer[] }>('GET', `/courts/${c}/fee-transfers`),
    enterTransfer: (c: C, body: T.FeeTransferOrder, key: Id) => call<{ items: T.FeeTransfer[] }>('POST', `/courts/${c}/fee-transfers`, { body, key }),
    matchTransfer: (c: C, transfer: Id, bill_id: Id) => call<{ items: T.FeeTransfer[] }>('PUT', `/courts/${c}/fee-transfers/${transfer}/match`, { body: { bill_id } }),
    differences: (c: C) => call<{ items: T.FeeDifference[] }>('GET', `/courts/${c}/fee-differences`),
    settleDifference: (c: C, body: { day: T.Day; order_no: string; what: string; note: string }) =>
      call<{ items: T.FeeDifference[] }>('PUT', `/courts/${c}/fee-differences/settled`, { body }),
  },

  admin: {
    people: (c: C) => call<{ items: T.Staff[] }>('GET', `/courts/${c}/people`),
    addPerson: (c: C, body: { name: string; mobile: string; id_number: string; roles: T.RoleName[]; mediator_class?: T.MediatorClass }, key: Id) =>
      call<T.Staff>('POST', `/courts/${c}/people`, { body, key }),
    resetAuthenticator: (c: C, person: Id) => call<void>('POST', `/courts/${c}/people/${person}/authenticator-reset`),
    setPerson: (c: C, person: Id, body: { roles: T.RoleName[]; suspended: boolean; mediator_class?: T.MediatorClass }) =>
      call<T.Staff>('PUT', `/courts/${c}/people/${person}`, { body }),
    rules: (c: C) => call<T.CourtPolicy>('GET', `/courts/${c}/rules`),
    setRule: (c: C, rule: string, body: { value: T.Json; basis: string; valid_from: T.Day; note?: string }) =>
      call<T.Rule>('PUT', `/courts/${c}/rules/${encodeURIComponent(rule)}`, { body }),
    ruleEffect: (c: C, rule: string, value: T.Json) =>
      call<T.RuleEffect>('GET', `/courts/${c}/rules/${encodeURIComponent(rule)}/effect`, {
        query: { value: JSON.stringify(value) },
      }),
    policies: (c: C) => call<T.PolicyMatrix>('GET', `/courts/${c}/policies`),
    setPolicies: (c: C, changes: T.PolicyChange[]) => call<T.PolicyMatrix>('PUT', `/courts/${c}/policies`, { body: { changes } }),
    previewPolicies: (c: C, changes: T.PolicyChange[]) =>
      call<T.PolicyPreview>('POST', `/courts/${c}/policies/preview`, { body: { changes } }),
    proofs: (c: C, state: T.ProofState = 'claimed') =>
      call<{ items: T.Proof[] }>('GET', `/courts/${c}/proofs`, { query: { state } }),
    decideProof: (c: C, proof: Id, body: { state: 'checked_by_clerk' | 'rejected'; reason?: string }) =>
      call<T.Proof>('PUT', `/courts/${c}/proofs/${proof}`, { body }),
    audit: (c: C, q: Page & { act?: string; person?: Id; q?: string; from?: string; to?: string } = {}) => call<T.ListOf<T.AuditEntry>>('GET', `/courts/${c}/audit`, { query: q }),
  },

  province: {
    overview: () => call<T.ProvinceOverview>('GET', '/province/overview'),
    confirmCourt: (c: C, basis: string) => call<T.Court>('POST', `/province/courts/${c}/confirm`, { body: { basis } }),
  },

  delivery: {
    inbox: (q: { court?: C; case?: Id; unread?: boolean; due?: boolean; q?: string } & Page = {}) => call<T.Inbox>('GET', '/my/inbox', { query: q }),
    openLink: (token: string) => call<T.ServiceLink>('POST', '/service-link', { body: { token }, ownsSignIn: true }),
    notMe: (token: string) => call<T.ServiceLink>('POST', '/service-link/not-me', { body: { token }, ownsSignIn: true }),
    /** recipient ids, joined by commas */
    inboxZipUrl: (ids: string) => url('/my/inbox.zip', { ids }),
    renewFeed: () => call<{ url: string }>('PUT', '/my/inbox/feed'),
    endFeed: () => call<void>('DELETE', '/my/inbox/feed'),
    /** the server writes down that it was read, or kept */
    servedUrl: (c: C, s: Id, r: Id, n: number, download?: boolean) => url(`${served(c, s, r)}/papers/${n}/content`, { download }),
    received: (c: C, s: Id, r: Id) => call<T.Service>('PUT', `${served(c, s, r)}/received`),
    askPaper: (c: C, s: Id, r: Id) => call<T.Service>('PUT', `${served(c, s, r)}/paper`),
    rebut: (c: C, s: Id, r: Id, body: { ground: T.RebuttalGround; account: string; file_ids: Id[] }) => call<T.Service>('POST', `${served(c, s, r)}/rebuttals`, { body }),
    order: (c: C, k: Id, body: T.ServiceOrder, key: Id) => call<T.ServiceAct>('POST', `${kase(c, k)}/services`, { body, key }),
    list: (c: C, q: { state?: T.ServiceState; case?: Id; due?: boolean } & Page = {}) => call<T.ServiceDesk>('GET', `/courts/${c}/services`, { query: q }),
    get: (c: C, s: Id) => call<T.Service>('GET', `/courts/${c}/services/${s}`),
    cancel: (c: C, s: Id, reason: string) => call<T.Service>('PUT', `/courts/${c}/services/${s}/cancellation`, { body: { reason } }),
    trailUrl: (c: C, s: Id, r: Id) => url(`${recipient(c, s, r)}/trail`),
    setOut: (c: C, s: Id, r: Id, body: T.SetOutOrder, key: Id) => call<T.Service>('POST', `${recipient(c, s, r)}/attempts`, { body, key }),
    report: (c: C, s: Id, r: Id, body: T.ReportOrder, key: Id) => call<T.Service>('POST', `${recipient(c, s, r)}/events`, { body, key }),
    whereabouts: (c: C, s: Id, r: Id, basis: string) => call<T.Service>('PUT', `${recipient(c, s, r)}/whereabouts`, { body: { basis } }),
    decide: (c: C, s: Id, r: Id, rebuttal: Id, body: { upheld: boolean; reasons: string }) =>
      call<T.Service>('PUT', `${recipient(c, s, r)}/rebuttals/${rebuttal}/decision`, { body }),
    tasks: (c: C, q: { kind?: T.ServiceTaskKind; limit?: number } = {}) => call<{ items: T.ServiceTask[] }>('GET', `/courts/${c}/service-tasks`, { query: q }),
    /** papers behind a cover with labels; printing is not posting */
    bundleUrl: (c: C, task: Id) => url(`/courts/${c}/service-tasks/${task}/bundle.zip`),
    taskDone: (c: C, task: Id, body: { outcome: string; note: string }) => call<void>('PUT', `/courts/${c}/service-tasks/${task}/done`, { body }),
    addresses: (c: C, k: Id) => call<T.ServiceAddresses>('GET', `${kase(c, k)}/service-address`),
    confirmAddress: (c: C, k: Id, body: T.AddressOrder, key: Id) => call<T.ServiceAddresses>('POST', `${kase(c, k)}/service-address`, { body, key }),
    withdrawConsent: (c: C, k: Id, party_id: Id) => call<T.ServiceAddresses>('POST', `${kase(c, k)}/service-address/withdrawal`, { body: { party_id } }),
  },

  clocks: {
    of: (c: C, k: Id) => call<T.CaseClocks>('GET', `${kase(c, k)}/clocks`),
    whatIf: (c: C, k: Id, q: T.WhatIfQuery) => call<T.ClockWhatIf>('GET', `${kase(c, k)}/clocks/what-if`, { query: { ...q } }),
    suspend: (c: C, k: Id, body: T.SuspensionOrder) => call<T.CaseClocks>('POST', `${kase(c, k)}/suspensions`, { body }),
    endSuspension: (c: C, k: Id, fact: Id, body: T.SuspensionEnd) => call<T.CaseClocks>('PUT', `${kase(c, k)}/suspensions/${fact}/end`, { body }),
    travel: (c: C, k: Id, body: T.TravelOrder) => call<T.CaseClocks>('POST', `${kase(c, k)}/travel`, { body }),
    askExcuse: (c: C, k: Id, body: T.ExcuseOrder, key: Id) => call<T.CaseClocks>('POST', `${kase(c, k)}/excuses`, { body, key }),
    decideExcuse: (c: C, k: Id, excuse: Id, body: T.ExcuseDecision) => call<T.CaseClocks>('PUT', `${kase(c, k)}/excuses/${excuse}/decision`, { body }),
    moves: (c: C, q: { outage?: Id; change?: Id } & Page = {}) => call<T.ClockMoves>('GET', `/courts/${c}/clock-moves`, { query: q }),
  },

  calendar: {
    year: (year: number) => call<T.CalendarYear>('GET', '/calendar', { query: { year } }),
    changes: () => call<T.CalendarChanges>('GET', '/province/calendar'),
    /** with its figures, which a list leaves out */
    change: (id: Id) => call<T.CalendarChange>('GET', `/province/calendar/${id}`),
    preview: (body: T.CalendarOrder) => call<T.CalendarPreview>('POST', '/province/calendar/preview', { body }),
    publish: (body: T.CalendarOrder, key: Id) => call<T.CalendarChange>('POST', '/province/calendar', { body, key }),
  },

  outages: {
    board: (q: { month?: string; court?: C } = {}) => call<T.OutageBoard>('GET', '/outages', { query: q }),
    one: (id: Id) => call<T.OutageDetail>('GET', `/outages/${id}`),
    enter: (c: C, body: T.OutageOrder, key: Id) => call<T.Outage>('POST', `/courts/${c}/outages`, { body, key }),
    end: (c: C, id: Id, to: T.Instant) => call<T.Outage>('PUT', `/courts/${c}/outages/${id}/end`, { body: { to } }),
    withdraw: (c: C, id: Id, reason: string) => call<T.Outage>('PUT', `/courts/${c}/outages/${id}/withdrawal`, { body: { reason } }),
    keys: () => call<T.OutageKeys>('GET', '/outages/keys'),
    reports: () => call<T.OutageReports>('GET', '/outages/reports'),
    fileUrl: (month: string) => url(`/outages/reports/${month}/file`),
    file: (month: string) => bytes(`/outages/reports/${month}/file`),
    signatureUrl: (month: string) => url(`/outages/reports/${month}/signature`),
  },

  templates: {
    list: (c: C) => call<T.PaperTemplates>('GET', `/courts/${c}/templates`),
    get: (c: C, name: string) => call<T.PaperTemplateDetail>('GET', template(c, name)),
    saveDraft: (c: C, name: string, version: number, source: string) =>
      call<T.TemplateCheck>('PUT', `${template(c, name)}/draft`, { body: { source }, ifMatch: version }),
    previewUrl: (c: C, name: string, of: T.TemplateOf) => url(`${template(c, name)}/preview.pdf`, { of }),
    /** the same address once more, for the refusal it answers with */
    whyNot: (c: C, name: string, of: T.TemplateOf) => call<void>('GET', `${template(c, name)}/preview.pdf`, { query: { of } }),
    publish: (c: C, name: string, reason: string) => call<T.PaperTemplateDetail>('POST', `${template(c, name)}/publish`, { body: { reason } }),
    withdraw: (c: C, name: string, reason: string) => call<T.PaperTemplateDetail>('PUT', `${template(c, name)}/withdrawal`, { body: { reason } }),
  },

  hearings,
  before,

  software: {
    clients: () => call<T.ApiClients>('GET', '/my/api-clients'),
    addClient: (body: T.ApiClientOrder, key: Id) => call<T.NewApiClient>('POST', '/my/api-clients', { body, key }),
    removeClient: (client: Id) => call<void>('DELETE', `/my/api-clients/${client}`),
    hooks: () => call<T.Webhooks>('GET', '/my/webhooks'),
    addHook: (body: T.WebhookOrder, key: Id) => call<T.NewWebhook>('POST', '/my/webhooks', { body, key }),
    removeHook: (h: Id) => call<void>('DELETE', hook(h)),
    testHook: (h: Id) => call<T.HookDelivery>('POST', `${hook(h)}/test`),
    resumeHook: (h: Id) => call<T.Webhook>('POST', `${hook(h)}/resume`),
    deliveries: (h: Id) => call<T.HookDeliveries>('GET', `${hook(h)}/deliveries`),
    deliverAgain: (h: Id, event: Id) => call<T.HookDelivery>('POST', `${hook(h)}/deliveries/${event}/again`),
  },
}
