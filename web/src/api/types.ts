/**
 * Shapes of the court's API under the names the pages use. They come from schema.d.ts (made
 * from openapi.json by `npm run api`); here a plain string is narrowed to the words it can be,
 * and the free JSON of drafts and forms gets its shape. A name the document does not have, or a
 * narrowing that contradicts it, does not compile. What is absent is absent: `?`, never null.
 */
import type { components } from './schema'

type S = components['schemas']
type Narrow<T, N extends Partial<T> & { [K in Exclude<keyof N, keyof T>]: never }> = Omit<T, keyof N> & N

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
/** RFC 3339, UTC. */
export type Instant = string
/** YYYY-MM-DD, Beijing. */
export type Day = string
/** Integer fen. */
export type Fen = number
export type CourtId = number
export type Uuid = string

export interface ListOf<T> {
  items: T[]
  next_cursor?: string
}

export type FieldProblem = S['FieldProblem']
/** application/problem+json. `field` is a JSON pointer. */
export type Problem = S['Problem']

/* ---- public ---- */
export type Bootstrap = S['Bootstrap']
export type CourtLevel = 'high' | 'intermediate' | 'basic' | 'special'
export type Confidence = 'sure' | 'derived' | 'probable' | 'unsure'
export type Court = Narrow<S['Court'], { level: CourtLevel; confidence: Confidence }>
export type FilingKind = S['CaseKind']
export type CourtDetail = Narrow<S['CourtDetail'], { level: CourtLevel; confidence: Confidence; filing_kinds: FilingKind[] }>
/** `upcoming`: versions published for later, the nearest first. */
export type RuleVersion = Narrow<S['RuleVersion'], { value: Json }>
export type Rule = Narrow<S['Rule'], { value: Json; set_at: 'province' | 'intermediate' | 'court'; upcoming: RuleVersion[]; schema: JsonSchema }>
export type CourtPolicy = Narrow<S['CourtPolicy'], { rules: Rule[] }>
export type Cause = Narrow<S['Cause'], { domain: FilingKind }>
export type Form = Narrow<S['Form'], { schema: JsonSchema }>
export type Widget =
  | 'text' | 'long' | 'money' | 'date' | 'range' | 'rate' | 'number'
  | 'yesno' | 'choice' | 'multi' | 'list' | 'group' | 'files'
/** JSON Schema 2020-12, the part we read, with the x- annotations of the contract. */
export interface JsonSchema {
  type?: string | string[]
  title?: string
  description?: string
  properties?: Record<string, JsonSchema>
  items?: JsonSchema
  required?: string[]
  enum?: Json[]
  const?: Json
  default?: Json
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
  pattern?: string
  format?: string
  'x-en'?: string
  'x-help'?: string
  'x-help-en'?: string
  'x-widget'?: Widget
  'x-unit'?: string
  'x-currency'?: boolean
  'x-options'?: { value: string; label: string; en: string }[]
  'x-required'?: 'R' | 'O' | 'C'
  'x-show'?: { field: string; equals: Json }
}
export type PaperVerdict = S['PaperVerdict']

/* ---- account ---- */
export type Standing = S['Standing']
export type IdType = S['IdType']
export type Language = S['Language']
export type Density = S['Density']
export type RoleName = S['StaffRole'] | 'provincial_admin' | 'party' | 'lawyer' | 'legal_worker'
export type CodePurpose = S['Purpose']
export type CodeSent = S['CodeSent']
export type SignUp = S['SignUp']
export type SignIn = S['SignIn']
export type ProofState = S['ProofState']
export type ProofKind = S['ProofKind']
export type Proof = Narrow<S['Proof'], { state: ProofState }>
export type NewProof = S['NewProof']
/** Without a court: everywhere in the province. */
export type Role = Narrow<S['RoleHeld'], { role: RoleName }>
export type Me = Narrow<S['Me'], { standing: Standing; proofs: Proof[]; roles: Role[] }>
export type MePatch = S['AccountChange']
export type TotpSecret = S['TotpSecret']
export type SessionInfo = S['SessionView']

/* ---- clocks, acts ---- */
export type ClockState = S['ClockState']
/** Why an end was moved. */
export type MoveReason = 'outage' | 'calendar' | 'excuse' | 'travel' | 'stay' | 'not_counted'
export type ClockMoved = S['ClockMoved']
/** Without an id it hangs on docketing, a bill or a filing. */
export type Clock = S['Clock']
export type Act = S['Act']

/* ---- calculators ---- */
export interface FeeQuery {
  kind: string
  amount?: string
  params?: string
  court?: CourtId
}
export type FeeAnswer = Narrow<S['FeeAnswer'], { meaning: 'pay' | 'refund' | 'top_up' | 'free' }>
export type FeeStep = S['FeeStep']
export type FeeParam = Narrow<S['FeeParam'], { takes: 'nothing' | 'yuan' | 'one_of' | 'number' | 'letters' }>
export type FeeKind = Narrow<S['FeeKindView'], { group: 'suit' | 'appeal' | 'application' | 'change' | 'free'; amount: 'none' | 'optional' | 'required' | 'change'; params: FeeParam[] }>
export interface DeadlineQuery {
  rule: string
  trigger: string
  mode?: string
  court?: CourtId
  travel_days?: number
  pauses?: string
  obstacle_ended?: string
}
export type DeadlineAnswer = Narrow<S['DeadlineAnswer'], { due_is: 'date' | 'moment'; meaning: 'last_day' | 'earliest_day' | 'latest_day' | 'same_day'; clock?: Clock }>
export type DeadlineRule = Narrow<S['DeadlineRule'], { who: 'court' | 'party' | 'applicant' | 'respondent' | 'mediator' }>
export type DeadlineRules = Narrow<S['DeadlineRuleList'], { items: DeadlineRule[] }>

/* ---- filings ---- */
export type FilingState = S['FilingState']
export type Claim = S['Claim']
export type FilingSummary = Narrow<S['FilingSummary'], { kind: FilingKind; state: FilingState; clock?: Clock }>
export type FilingStats = S['QueueStats']
export type WizardStep = 'court' | 'cause' | 'parties' | 'claims' | 'evidence' | 'service' | 'statement'
export type CorrectionItem = Narrow<S['CorrectionItem'], { n: number; step: WizardStep; done: boolean }>
export type NewCorrection = Narrow<Omit<S['CorrectionItem'], 'n' | 'done'>, { step: WizardStep }>
export type CorrectionRound = Narrow<S['Correction'], { deadline: Clock; items: CorrectionItem[] }>
export type FilingFile = S['FilingFile']
export type PaperRef = S['PaperRef']
export type Filing = Narrow<S['Filing'], {
  kind: FilingKind
  state: FilingState
  clock?: Clock
  content: DraftContent
  files: FilingFile[]
  checks: CheckReport
  corrections: CorrectionRound[]
  history: Act[]
  earlier?: EarlierFiling[]
}>
export type Procedure = S['Procedure']
export type FilingAct = S['FilingAct']
export type Accepted = Narrow<S['Accepted'], { filing: Filing }>

/* ---- drafts ---- */
export type DraftSummary = Narrow<S['DraftSummary'], { kind: FilingKind; step: WizardStep }>
export type Corrects = Narrow<S['Corrects'], { deadline: Clock; items: CorrectionItem[] }>
export type DraftFile = S['DraftFile']
export type Draft = Narrow<S['Draft'], { kind: FilingKind; content: DraftContent; files: DraftFile[]; corrects?: Corrects }>
export type Saved = S['Saved']
export type CheckItem = Narrow<S['CheckItem'], { level: 'block' | 'warn' | 'info'; step: WizardStep }>
export type CheckReport = Narrow<S['CheckReport'], { items: CheckItem[] }>
export type FilingReceipt = S['FilingReceipt']
/** What the counter needs to know, and the number under which the wish is kept. */
export type OfflineWish = S['OfflineNote']
export type OfflineFiling = Narrow<S['OfflineFiling'], { kind: FilingKind; content?: DraftContent }>
export type EarlierFiling = Narrow<S['EarlierFiling'], { standing: 'open' | 'withdrawn' | 'refused' }>
export type Upload = S['Upload']

/* ---- content of a draft; every member optional while drafting ---- */
export type PartySide = 'plaintiff' | 'defendant' | 'third_party' | 'applicant' | 'respondent'
export type PartyKind = 'natural' | 'legal' | 'unincorporated'
export interface Party {
  id: string
  side: PartySide
  kind: PartyKind
  name?: string
  gender?: 'male' | 'female'
  birth?: Day
  ethnic?: string
  employer?: string
  post?: string
  phone?: string
  email?: string
  domicile?: string
  residence?: string
  id_type?: IdType
  id_number?: string
  uscc?: string
  office?: string
  reg_place?: string
  rep_name?: string
  rep_post?: string
  rep_phone?: string
  org_type?: string
  ownership?: string
  guardian?: { name?: string; relation?: string; phone?: string; id_number?: string }
}
export interface Representative {
  id: string
  party_ids: string[]
  kind: 'lawyer' | 'legal_worker' | 'relative' | 'employee' | 'recommended'
  name?: string
  unit?: string
  licence?: string
  phone?: string
  power?: 'general' | 'special'
  power_matters?: string[]
}
export interface ClaimItem {
  id: string
  text: string
  amount_fen?: Fen | null
}
export type EvidenceKind =
  | 'documentary' | 'physical' | 'audio_visual' | 'electronic' | 'testimony' | 'appraisal' | 'other'
export interface EvidenceItem {
  id: string
  name?: string
  source?: string
  purpose?: string
  kind?: EvidenceKind
  original?: boolean
  witness_name?: string
  witness_address?: string
  file_ids: Uuid[]
}
export type PaperKind =
  | 'id_copy' | 'business_licence' | 'representative_certificate' | 'power_of_attorney' | 'lawyer_licence'
  | 'firm_letter' | 'guardianship_proof' | 'kinship_proof' | 'arbitration_award' | 'enforcement_basis'
  | 'administrative_decision' | 'other'
export interface PaperItem {
  id: string
  kind: PaperKind
  party_id?: string
  file_ids: Uuid[]
}
export interface DraftContent {
  court_id?: CourtId
  kind?: FilingKind
  procedure_wish?: 'small_claims_agree' | null
  cause?: { code: string; domain: FilingKind; edition: string; name: string }
  parties?: Party[]
  representatives?: Representative[]
  claims?: ClaimItem[]
  amount_fen?: Fen | null
  facts?: string
  elements?: { form: string; edition: string; values: { [key: string]: Json } }
  jurisdiction?: {
    ground?: 'defendant_domicile' | 'performance_place' | 'tort_place' | 'immovable' | 'agreed' | 'other'
    place_division?: string
    clause?: boolean
    clause_text?: string
    arbitration?: boolean
    arbitration_void?: boolean
  }
  administrative?: { agency?: string; act?: string; act_date?: Day; known_date?: Day; reconsidered?: boolean }
  enforcement?: {
    basis_document?: 'judgment' | 'mediation' | 'arbitration' | 'notarised'
    basis_number?: string
    effective_date?: Day
    performance_due?: Day
    property_clues?: string
  }
  preservation?: { pre_suit?: boolean; court?: string; date?: Day; case_number?: string }
  mediation?: { know?: boolean; want?: 'yes' | 'no' | 'unsure' }
  divorce?: { respondent_pregnant?: boolean; refused_before?: boolean; refused_date?: Day; new_reason?: string }
  evidence?: EvidenceItem[]
  papers?: PaperItem[]
  service?: {
    address?: string
    receiver?: string
    phone?: string
    email?: string
    e_service?: boolean
    channels?: ('platform' | 'sms' | 'email')[]
    understood?: boolean
  }
  statement?: { accepted?: boolean; version?: string }
}
/** JSON Merge Patch of the content: null deletes a member, arrays are replaced whole. */
export type ContentPatch = { [K in keyof DraftContent]?: DraftContent[K] | null }

/* ---- cases ---- */
export type Capacity = 'plaintiff' | 'defendant' | 'third_party' | 'representative' | 'colleague'
/** 结案方式. */
export type Manner = S['Manner']
export type CaseSummary = Narrow<S['CaseSummary'], { kind: FilingKind; my_capacity?: Capacity; closed_how?: Manner; next_clock?: Clock }>
export type CaseRepresentative = S['CaseRepresentative']
export type CaseParty = Narrow<S['CaseParty'], { side: PartySide; kind: PartyKind }>
export type CaseStaff = Narrow<S['CaseStaff'], { role: 'presiding_judge' | 'judge' | 'clerk' }>
export type NextStep = Narrow<S['NextStep'], { by?: Clock }>
export type Case = Narrow<S['Case'], {
  kind: FilingKind
  my_capacity?: Capacity
  closed_how?: Manner
  parties: CaseParty[]
  staff: CaseStaff[]
  clocks: Clock[]
  timeline: Act[]
  next_step?: NextStep
}>
export type Leaf = S['Leaf']
export type Volume = S['Volume']
export type Folder = Narrow<S['CaseFolder'], { volume: Volume }>
export type FolderName = Narrow<S['FolderName'], { volume: Volume }>
export type Colleague = S['Colleague']
export type CaseAct = S['CaseAct']
export type CaseFile = Narrow<S['CaseFile'], { folders: Folder[] }>
export type JoinCode = S['JoinCode']
export type Joined = S['Joined']
export type SavedView = Narrow<S['SavedView'], { query: { [key: string]: Json } }>

/* ---- court administration ---- */
export type StaffRole = S['StaffRole']
export type Staff = Narrow<S['Staff'], { roles: RoleName[]; state: 'invited' | 'active' | 'suspended' }>
export type RuleEffect = S['RuleEffect']
export type PolicyCell = Narrow<S['PolicyCell'], { role: RoleName; source: 'province' | 'court' }>
export type PolicyMatrix = Narrow<S['PolicyMatrix'], { matrix: PolicyCell[] }>
export type PolicyChange = Narrow<S['PolicyChange'], { role: RoleName; effect: S['Effect'] }>
export type PolicyPreview = S['PolicyPreview']
export type AuditEntry = Narrow<S['AuditRow'], { details?: { [key: string]: Json } }>
export type ProvinceCourt = Narrow<S['CourtFigures'], { confidence: Confidence }>
export type ProvinceOverview = Narrow<S['ProvinceOverview'], { courts: ProvinceCourt[] }>

/** 人民、特邀、律师调解员. */
export type MediatorClass = S['MediatorClass']

/* ---- fees ---- */
export type FeeOrder = Narrow<S['FeeOrder'], { form: 'native' | 'h5'; state: 'placing' | 'open' | 'paid' | 'closed' }>
export type FeeRefund = Narrow<S['FeeRefund'], { state: 'asked' | 'approved' | 'refused' | 'sent' | 'done' | 'failed' }>
export type ReliefKind = S['Relief']
/** proofs: leaves of the file, for the court alone */
export type FeeRelief = Narrow<S['FeeRelief'], { kind: ReliefKind; state: 'asked' | 'granted' | 'refused' }> & { proofs?: Uuid[] }
export type BillState = 'open' | 'paid' | 'waived' | 'deferred' | 'unpaid' | 'cancelled'
export type FeeBill = Narrow<S['FeeBill'], { state: BillState; clock?: Clock; orders: FeeOrder[]; refunds: FeeRefund[]; reliefs: FeeRelief[] }>
export type FeeMay = S['FeeMay']
export type CaseFees = Narrow<S['CaseFees'], { bills: FeeBill[] }>
export type FeeLine = Narrow<S['FeeLine'], { state: BillState }>
export type FeeTransfer = S['FeeTransfer']
export type FeeDifference = S['FeeDifference']
export type FeePurpose = S['FeePurpose']
export type RefundGround = S['RefundGround']
export type AssessOrder = S['AssessOrder']
export type FeeTransferOrder = S['FeeTransferOrder']
/* ---- service of papers 送达 ---- */
export type ServedEffect = 'yes' | 'presumed' | 'no' | 'notice_unusable'
export type ServedPaper = S['ServedPaper']
export type InboxItem = Narrow<S['InboxItem'], { capacity: Capacity; effect: ServedEffect; clocks: Clock[] }>
export type Inbox = Narrow<S['Inbox'], { items: InboxItem[] }>
export type RebuttalGround = S['RebuttalGround']
export type ServiceAttempt = S['ServiceAttempt']
export type ServiceRebuttal = Narrow<S['ServiceRebuttal'], { state: 'open' | 'upheld' | 'rejected' }>
export type ServiceStep = 'send' | 'wait' | 'remind' | 'post' | 'by_hand' | 'public_notice' | 'to_ordinary' | 'decide_rebuttal' | 'no_way_left' | 'done'
export type ServiceNext = Narrow<S['ServiceNext'], { step: ServiceStep }>
export type ServiceState = 'electronic' | 'paper' | 'waiting_for_clerk' | 'waiting_for_judge' | 'done' | 'stuck' | 'cancelled'
export type ServiceRecipient = Narrow<S['ServiceRecipient'], { state: ServiceState; effect: ServedEffect; rebuttals: ServiceRebuttal[]; next: ServiceNext }>
export type Service = Narrow<S['Service'], { recipients: ServiceRecipient[] }>
export type ServiceAct = Narrow<S['ServiceAct'], { services: Service[] }>
export type ServiceRow = Narrow<S['DeskRow'], { state: ServiceState; effect: ServedEffect; next: ServiceNext }>
export type ServiceDesk = Narrow<S['Desk'], { items: ServiceRow[] }>
export type ServiceTaskKind = 'call' | 'post' | 'by_hand' | 'public_notice' | 'to_ordinary' | 'decide_rebuttal' | 'no_way_left' | 'paper_copy' | 'check_number'
export type ServiceTask = Narrow<S['ServiceTask'], { kind: ServiceTaskKind; detail: Json }>
export type PartyAddresses = S['PartyAddresses']
export type Appeals = S['Appeals']
export type AppealOrder = S['AppealOrder']
export type ServiceAddresses = S['ServiceAddresses']
export type ServiceAddressView = S['ServiceAddressView']
export type ServiceLink = S['ServiceLink']
export type ServiceOrder = S['ServiceOrder']
export type SetOutOrder = S['SetOutOrder']
export type ReportOrder = S['ReportOrder']
export type AddressOrder = S['AddressOrder']

/* ---- clocks of a case 期限 ---- */
export type ClockMove = Narrow<S['ClockMove'], { kind: 'clock' | 'fee' | 'correction'; reason: MoveReason }>
export type ClockMoves = Narrow<S['ClockMoves'], { items: ClockMove[] }>
export type SuspensionGround = S['Ground']
export type ClockFact = Narrow<S['ClockFact'], { kind: 'stay' | 'not_counted' | 'travel'; ground: SuspensionGround | 'travel' }>
export type Excuse = Narrow<S['Excuse'], { state: 'asked' | 'granted' | 'refused' }>
export type ClockMay = 'suspend' | 'travel' | 'excuse_decide' | 'excuse_ask' | 'what_if'
export type CaseClocks = Narrow<S['CaseClocks'], { items: Clock[]; facts: ClockFact[]; excuses: Excuse[]; moves: ClockMove[]; may: ClockMay[] }>
export interface WhatIfQuery {
  rule?: string
  trigger?: string
  mode?: string
  travel_days?: number
  excused_days?: number
  pauses?: string
  clock?: Uuid
}
export type ClockWhatIf = Narrow<S['ClockWhatIf'], { answer: DeadlineAnswer; now?: Clock }>
export type SuspensionOrder = S['SuspensionOrder']
export type SuspensionEnd = S['SuspensionEnd']
export type TravelOrder = S['TravelOrder']
export type ExcuseOrder = S['ExcuseOrder']
export type ExcuseDecision = S['ExcuseDecision']

/* ---- the calendar of rest days 节假日 ---- */
export type DayKind = S['DayKind']
export type CalendarDay = Narrow<S['CalendarDay'], { source: 'built_in' | 'province' }>
/** On a list without its figures. */
export type CalendarChange = Narrow<S['CalendarChange'], { days: CalendarDay[] }>
export type CalendarYear = Narrow<S['CalendarYear'], { days: CalendarDay[]; changes: CalendarChange[] }>
export type CalendarChanges = Narrow<S['CalendarChanges'], { items: CalendarChange[] }>
export type CalendarPreview = S['CalendarPreview']
export type CalendarOrder = S['CalendarOrder']

/* ---- outages 运行公示 ---- */
export type PartStanding = S['PartStanding']
export type PartMinutes = S['PartMinutes']
/** unset: the court has no rule, nothing moved. */
export type OutageEffect = Narrow<S['OutageEffect'], { action: 'next_working_day' | 'hours' | 'unset' }>
export type Outage = Narrow<S['Outage'], { scope: S['OutageScope']; parts: S['OutagePart'][]; found_by: 'probe' | 'restart' | 'person'; effects: OutageEffect[] }>
export type OutagePart = S['OutagePart']
export type OutageOrder = Narrow<S['OutageOrder'], { scope: S['OutageScope']; parts: OutagePart[] }>
export type OutageReport = S['OutageReport']
export type OutageReports = S['OutageReports']
export type OutageBoard = Narrow<S['OutageBoard'], { items: Outage[] }>
export type ProbeSeen = Narrow<S['ProbeSeen'], { what: 'database' | 'store' | 'renderer' | 'filing' | 'sms' | 'payment' }>
export type OutageDetail = Narrow<S['OutageDetail'], { outage: Outage; probes: ProbeSeen[] }>
export type OutageKey = S['OutageKey']
export type OutageKeys = S['OutageKeys']

/* ---- templates of papers 文书样式 ---- */
export type PaperTemplate = S['PaperTemplate']
export type PaperTemplates = S['PaperTemplates']
/** A version that is or was in force. */
export type PastTemplate = S['PastTemplate']
export type PaperTemplateDetail = S['PaperTemplateDetail']
export type TemplateFault = S['TemplateFault']
export type TemplateCheck = S['TemplateCheck']
export type TemplateOf = S['TemplateOf']

/* ---- software of a person 程序接入 ---- */
export type ApiScope = S['ApiScope']
export type ApiClient = S['ApiClient']
export type ApiClients = S['ApiClients']
export type ApiClientOrder = S['ApiClientOrder']
export type NewApiClient = S['NewApiClient']
export type HookTopic = S['HookTopic']
export type Webhook = S['Webhook']
export type Webhooks = S['Webhooks']
export type WebhookOrder = S['WebhookOrder']
export type NewWebhook = S['NewWebhook']
export type HookDelivery = S['HookDelivery']
export type HookDeliveries = S['HookDeliveries']
