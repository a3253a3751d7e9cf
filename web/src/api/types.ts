/**
 * Shapes of the court's API, named as in the contract. The only place that knows them:
 * once the server publishes its OpenAPI document this file re-exports the generated
 * types under the same names, and nothing else in the pages changes.
 */

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
  next_cursor: string | null
}

export interface FieldProblem {
  field: string
  code: string
  detail: string
  detail_en: string
  cure: string
  cure_en: string
}
/** application/problem+json. `field` is a JSON pointer. */
export interface Problem {
  type: string
  title: string
  title_en: string
  status: number
  code: string
  detail: string
  detail_en: string
  cure: string
  cure_en: string
  field?: string
  errors?: FieldProblem[]
  request_id: string
}

/* ---- public ---- */
export interface Bootstrap {
  province_code: string
  province_name: string
  product: string
  version: string
  demo: boolean
  phone_url?: string
  now: Instant
}
export type CourtLevel = 'high' | 'intermediate' | 'basic' | 'special'
export type Confidence = 'sure' | 'derived' | 'probable' | 'unsure'
export interface Court {
  id: CourtId
  code: string
  name: string
  level: CourtLevel
  parent_id: CourtId | null
  enabled: boolean
  confidence: Confidence
  division_code?: string
}
export type FilingKind = 'civil' | 'administrative' | 'enforcement'
export interface CourtDetail extends Court {
  phone: string
  address: string
  hours: string
  parent_name: string
  jurisdiction_note: string
  filing_kinds: FilingKind[]
  upload_max_bytes: number
  review_days: number
  same_day_target: boolean
}
export interface Rule {
  key: string
  name: string
  name_en: string
  value: Json
  unit?: string
  basis: string
  set_at: 'province' | 'intermediate' | 'court'
  set_by: string
  valid_from: Day
  valid_to: Day | null
  note?: string
  /** the sources do not settle it; the value is a careful default */
  unsure?: boolean
  schema: JsonSchema
}
export interface CourtPolicy {
  court_id: CourtId
  version: number
  rules: Rule[]
}
export interface Cause {
  code: string
  domain: FilingKind
  edition: string
  name: string
  level: 1 | 2 | 3 | 4
  path: string[]
  form: string | null
  matched?: string
}
export interface Form {
  id: string
  edition: string
  name: string
  name_en: string
  causes: string[]
  schema: JsonSchema
}
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
export interface PaperVerdict {
  found: boolean
  hint?: string
  hint_en?: string
  paper?: {
    title: string
    kind: string
    court_name: string
    case_number: string | null
    filing_number: string | null
    issued_at: Instant
    pages: number
    sha256: string
    sm3: string
    parties: string[]
    superseded: boolean
  }
}

/* ---- account ---- */
export type Standing = 'natural' | 'organisation' | 'lawyer' | 'legal_worker'
export type IdType = 'resident_id' | 'passport' | 'hk_macau_permit' | 'taiwan_permit' | 'foreign_permanent'
export type Language = 'zh' | 'en'
export type Density = 'large' | 'easy' | 'office' | 'dense'
export type RoleName =
  | 'judge' | 'clerk' | 'presiding_judge' | 'court_admin' | 'provincial_admin' | 'security_admin' | 'auditor'
  | 'technician' | 'party' | 'lawyer' | 'legal_worker' | 'mediator'
export type CodePurpose = 'sign_up' | 'sign_in' | 'bind'
export interface CodeSent {
  expires_in_s: number
  resend_after_s: number
}
export interface SignUp {
  mobile: string
  code: string
  password: string
  standing: Standing
  name: string
  id_type: IdType
  id_number: string
  email?: string
  organisation?: { name: string; uscc: string; representative: string }
  licence?: { number: string; firm: string; firm_uscc?: string }
}
export interface SignIn {
  identifier: string
  password?: string
  code?: string
  totp?: string
}
export type ProofState = 'claimed' | 'checked_by_document' | 'checked_by_registry' | 'checked_by_clerk' | 'rejected'
export type ProofKind = IdType | 'organisation' | 'lawyer_licence' | 'legal_worker_licence'
export interface Proof {
  id: Uuid
  kind: ProofKind
  label: string
  number_masked: string
  holder: string
  state: ProofState
  reason: string | null
  decided_at: Instant | null
}
export interface NewProof {
  kind: ProofKind
  number: string
  holder?: string
  firm?: string
  representative?: string
}
export interface Role {
  role: RoleName
  /** null = everywhere in the province */
  court_id: CourtId | null
  court_name: string | null
}
export interface Me {
  person_id: Uuid
  name: string
  mobile_masked: string
  id_masked: string
  email: string | null
  standing: Standing
  language: Language
  density: Density | null
  large_type: boolean
  totp_enabled: boolean
  proofs: Proof[]
  roles: Role[]
  session_expires_at: Instant
}
export interface MePatch {
  email?: string
  language?: Language
  density?: Density | null
  large_type?: boolean
}
export interface TotpSecret {
  secret: string
  otpauth_url: string
}
export interface SessionInfo {
  id: Uuid
  current: boolean
  created_at: Instant
  last_seen_at: Instant
  expires_at: Instant
  user_agent: string
  ip_masked: string
}

/* ---- clocks, acts ---- */
export type ClockState = 'running' | 'soon' | 'last_day' | 'breached' | 'paused' | 'done'
export interface Clock {
  key: string
  name: string
  name_en: string
  starts_on: Day
  due_on: Day
  due_at: Instant
  total_days: number
  used_days: number
  state: ClockState
  reason?: string
  article: string
  rule_key: string
  rolled_from?: Day
  steps: { text: string; text_en: string }[]
}
export interface Act {
  at: Instant
  who: string
  act: string
  text: string
  text_en: string
  rule?: string
  effect?: string
  effect_en?: string
  state: 'done' | 'waiting' | 'planned'
}

/* ---- filings ---- */
export type FilingState = 'submitted' | 'returned' | 'accepted' | 'refused' | 'transferred' | 'withdrawn'
export interface Claim {
  person_id: Uuid
  name: string
  until: Instant
}
export interface FilingSummary {
  court_id: CourtId
  court_name: string
  id: Uuid
  number: string
  title: string
  kind: FilingKind
  cause_name: string
  state: FilingState
  received_at: Instant
  clock: Clock | null
  claimed_by: Claim | null
  corrected: boolean
  /** it came from another court */
  transferred_in?: boolean
  case_id: Uuid | null
  case_number: string | null
  amount_fen: Fen | null
  open_items: number
}
export interface FilingStats {
  reviewed_today: number
  waiting: number
  due_today: number
  overdue: number
  same_day_percent?: number | null
}
export type WizardStep = 'court' | 'cause' | 'parties' | 'claims' | 'evidence' | 'service' | 'statement'
export interface CorrectionItem {
  n: number
  step: WizardStep
  field: string | null
  file_id: Uuid | null
  page: number | null
  what: string
  where: string
  cure: string
  done: boolean
}
export interface NewCorrection {
  step: WizardStep
  field?: string
  file_id?: Uuid
  page?: number
  what: string
  where: string
  cure: string
}
export interface CorrectionRound {
  n: number
  sent_at: Instant
  deadline: Clock | null
  items: CorrectionItem[]
  answered_at: Instant | null
}
export interface FilingFile {
  id: Uuid
  name: string
  size: number
  media_type: string
  sha256: string
  pages: number | null
  role: 'pleading' | 'evidence' | 'paper'
  evidence_id?: string
}
export interface PaperRef {
  id: Uuid
  kind: string
  title: string
  issued_at: Instant
  verify_code: string
}
export interface Filing extends FilingSummary {
  version: number
  content: DraftContent
  files: FilingFile[]
  checks: CheckReport
  corrections: CorrectionRound[]
  refusal: { reason: string; at: Instant } | null
  transfer: { to_court_id: CourtId; to_court_name: string; reason: string; at: Instant } | null
  papers: PaperRef[]
  history: Act[]
  may: string[]
  /** Only in the answer to a return: what was visible the first time was asked late. */
  violation?: boolean
}
export type Procedure = 'summary' | 'ordinary' | 'small_claims' | 'enforcement'
export interface Accepted {
  filing: Filing
  case_id: Uuid
  case_number: string
}

/* ---- drafts ---- */
export interface DraftSummary {
  id: Uuid
  title: string
  court_name: string | null
  kind: FilingKind
  cause_name: string | null
  updated_at: Instant
  step: WizardStep
  corrects: Corrects | null
}
export interface Corrects {
  court_id: CourtId
  filing_id: Uuid
  filing_number: string
  deadline: Clock
  items: CorrectionItem[]
}
export interface DraftFile {
  id: Uuid
  name: string
  size: number
  media_type: string
  sha256: string
  sm3: string
  pages: number | null
  state: 'accepted' | 'quarantined' | 'rejected'
  problem?: Problem
  created_at: Instant
}
export interface Draft {
  id: Uuid
  version: number
  court_id: CourtId | null
  kind: FilingKind
  content: DraftContent
  files: DraftFile[]
  corrects: Corrects | null
  updated_at: Instant
  created_at: Instant
}
export interface Saved {
  version: number
  saved_at: Instant
}
export interface CheckItem {
  id: string
  level: 'block' | 'warn' | 'info'
  step: WizardStep
  field: string | null
  text: string
  text_en: string
  cure: string
  cure_en: string
  article: string
  /** may be sent anyway for a clerk to look at */
  way_on: boolean
}
export interface CheckReport {
  sendable: boolean
  items: CheckItem[]
}
export interface FilingReceipt {
  court_id: CourtId
  filing_id: Uuid
  number: string
  received_at: Instant
  digest: string
  paper_id: Uuid
}
export interface OfflineWish {
  court_id: CourtId
  address: string
  phone: string
  hours: string
  number: string
}
export interface Upload {
  id: Uuid
  part_bytes: number
  parts: number
  received: number[]
}

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
export interface CaseSummary {
  court_id: CourtId
  court_name: string
  id: Uuid
  number: string
  title: string
  kind: FilingKind
  cause_name: string
  stage: string
  procedure: string
  filed_at: Instant
  my_capacity: Capacity
  next_clock: Clock | null
  last_act: { at: Instant; text: string; text_en: string } | null
  sealed: boolean
}
export interface CaseRepresentative {
  id: Uuid
  name: string
  unit: string
  kind: string
  power: string
  active: boolean
}
export interface CaseParty {
  id: Uuid
  side: PartySide
  kind: PartyKind
  name: string
  id_masked: string
  phone_masked: string
  address: string
  joined: boolean
  representatives: CaseRepresentative[]
}
export interface CaseStaff {
  role: 'presiding_judge' | 'judge' | 'clerk'
  name: string
  person_id?: Uuid
}
export interface NextStep {
  title: string
  title_en: string
  text: string
  text_en: string
  by: Clock | null
  action: string
}
export interface Case extends CaseSummary {
  version: number
  amount_fen: Fen | null
  parties: CaseParty[]
  staff: CaseStaff[]
  clocks: Clock[]
  timeline: Act[]
  next_step: NextStep | null
  viewer: { capacity: string; may: string[] }
}
export interface Leaf {
  id: Uuid
  n: number
  title: string
  doc_class: string
  maker: string
  made_at: Instant
  media_type: string
  size: number
  pages: number | null
  sha256: string
  sm3: string
  verify_code: string | null
}
export type Volume = 'main' | 'secret'
export interface Folder {
  n: number
  name: string
  volume: Volume
  leaves: Leaf[]
}
export interface CaseFile {
  folders: Folder[]
}
export interface JoinCode {
  party_id: Uuid
  party_name: string
  code: string
  used_at: Instant | null
  expires_at: Instant
}
export interface Joined {
  court_id: CourtId
  case_id: Uuid
  number: string
}
export interface SavedView {
  id: Uuid
  name: string
  query: { [key: string]: Json }
}

/* ---- court administration ---- */
export interface Staff {
  person_id: Uuid
  name: string
  mobile_masked: string
  roles: RoleName[]
  state: 'invited' | 'active' | 'suspended'
  totp_enabled: boolean
}
export interface RuleEffect {
  open_filings: number
  changed: { filing_number: string; before: string; after: string }[]
  text: string
  text_en: string
}
export interface PolicyCell {
  role: RoleName
  act: string
  allowed: boolean
  source: 'province' | 'court'
}
export interface PolicyMatrix {
  version: number
  matrix: PolicyCell[]
}
export interface PolicyChange {
  role: RoleName
  act: string
  effect: 'allow' | 'deny' | 'inherit'
}
export interface PolicyPreview {
  changes: { role: RoleName; act: string; before: boolean; after: boolean; people: number }[]
}
export interface AuditEntry {
  id: Uuid
  at: Instant
  person_id?: Uuid | null
  seat: string
  act: string
  subject: string
  request_id: string
  details: { [key: string]: Json } | null
}
export interface ProvinceCourt {
  court_id: CourtId
  name: string
  parent_name?: string | null
  enabled: boolean
  confidence: Confidence
  waiting: number
  due_today: number
  overdue: number
  same_day_percent?: number | null
  median_hours?: number | null
  violations: number
  cases_this_year: number
}
export interface ProvinceOverview {
  as_of: Instant
  totals: {
    courts: number
    enabled: number
    waiting: number
    overdue: number
    same_day_percent?: number | null
    cases_this_year: number
  }
  courts: ProvinceCourt[]
}
