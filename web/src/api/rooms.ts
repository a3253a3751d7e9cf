import { call, url } from './client'
import type { CourtId as C, Uuid as Id } from './types'
import type * as H from '@/hearing/types'

const one = (c: C, h: Id) => `/courts/${c}/hearings/${h}`

/**
 * Doors of the room, the record and signing: apart from `api`, because only the pages of a hearing load them. A test holds every
 * call against `openapi.json`, as those of `api`.
 */
export const rooms = {
  hearing: (c: C, h: Id) => call<H.Hearing>('GET', one(c, h)),
  pass: (c: C, h: Id) => call<H.HearingPass>('POST', `${one(c, h)}/pass`),
  step: (c: C, h: Id, body: H.StepOrder) => call<H.Hearing>('POST', `${one(c, h)}/steps`, { body }),
  dropouts: (c: C, h: Id) => call<{ items: H.Dropout[] }>('GET', `${one(c, h)}/dropouts`),
  findDropout: (c: C, h: Id, d: Id, body: { cause: string; reasons: string }) => call<void>('POST', `${one(c, h)}/dropouts/${d}/find`, { body }),
  absence: (c: C, h: Id, participant: Id) => call<H.Absence>('GET', `${one(c, h)}/findings`, { query: { participant } }),
  makeFinding: (c: C, h: Id, body: { participant_id: Id; consequence: string; reasons: string }) => call<{ id: Id }>('POST', `${one(c, h)}/findings`, { body }),
  logCall: (c: C, h: Id, body: { participant_id: Id; outcome: string; note: string }, key: Id) => call<void>('POST', `${one(c, h)}/calls`, { body, key }),
  sendMessage: (c: C, h: Id, body: { text: string; to_id?: Id }, key: Id) => call<unknown>('POST', `${one(c, h)}/messages`, { body, key }),

  exhibits: (c: C, h: Id) => call<H.ExhibitList>('GET', `${one(c, h)}/exhibits`),
  addExhibit: (c: C, h: Id, body: { leaf_id?: Id; file_id?: Id; party_id?: Id; name: string; source: string; purpose: string; late?: boolean }, key: Id) =>
    call<H.Exhibit>('POST', `${one(c, h)}/exhibits`, { body, key }),
  changeExhibit: (c: C, h: Id, x: Id, body: { version: number; original?: string; late?: boolean }) =>
    call<H.Exhibit>('PUT', `${one(c, h)}/exhibits/${x}`, { body }),
  sayOpinion: (c: C, h: Id, x: Id, body: { party_id: Id; opinions: { aspect: H.Aspect; view: H.View; reason: string }[] }, key: Id) =>
    call<H.Exhibit>('POST', `${one(c, h)}/exhibits/${x}/opinions`, { body, key }),
  exhibitToTranscript: (c: C, h: Id, x: Id, key: Id) => call<H.TranscriptChanged>('POST', `${one(c, h)}/exhibits/${x}/to-transcript`, { body: {}, key }),

  transcript: (c: C, h: Id, since?: number) => call<H.Transcript>('GET', `${one(c, h)}/transcript`, { query: { since } }),
  beginTranscript: (c: C, h: Id, body: { template?: string; opening_lines: boolean }) => call<H.Transcript>('POST', `${one(c, h)}/transcript`, { body }),
  setHeader: (c: C, h: Id, body: { version: number; template?: string; place?: string; attendance: H.Attendance[] }) =>
    call<H.Transcript>('PUT', `${one(c, h)}/transcript/header`, { body }),
  change: (c: C, h: Id, changes: H.Change[], key: Id) => call<H.TranscriptChanged>('POST', `${one(c, h)}/transcript/changes`, { body: { changes }, key }),
  importText: (c: C, h: Id, body: { text: string; section?: string; after?: Id }, key: Id) => call<H.TranscriptChanged>('POST', `${one(c, h)}/transcript/import`, { body, key }),
  history: (c: C, h: Id, e: Id) => call<{ revisions: H.Revision[] }>('GET', `${one(c, h)}/transcript/entries/${e}/history`),
  object: (c: C, h: Id, body: { entry_id: Id; version: number; from: number; quote: string; text: string }, key: Id) =>
    call<H.Objection>('POST', `${one(c, h)}/transcript/objections`, { body, key }),
  answer: (c: C, h: Id, o: Id, body: { do: 'correct' | 'refuse' | 'withdraw'; version?: number; text?: string; reason?: string }) =>
    call<H.Objection>('POST', `${one(c, h)}/transcript/objections/${o}/answer`, { body }),
  fix: (c: C, h: Id, body: { rev: number; start_signing: boolean }, key: Id) => call<H.Signing>('POST', `${one(c, h)}/transcript/fix`, { body, key }),
  reopen: (c: C, h: Id, reason: string) => call<H.Transcript>('POST', `${one(c, h)}/transcript/reopen`, { body: { reason } }),
  pdfUrl: (c: C, h: Id) => url(`${one(c, h)}/transcript.pdf`),
  docxUrl: (c: C, h: Id) => url(`${one(c, h)}/transcript.docx`),

  signing: (c: C, h: Id, what: H.Signed) => call<H.Signing>('GET', `${one(c, h)}/signing`, { query: { what } }),
  signingLink: (c: C, h: Id, participant_id: Id, what: H.Signed) => call<H.SigningLink>('POST', `${one(c, h)}/signing/link`, { body: { participant_id, what } }),
  sign: (c: C, h: Id, body: H.SignatureOrder, key: Id) => call<H.Signing>('POST', `${one(c, h)}/signatures`, { body, key }),
  noteRefusal: (c: C, h: Id, body: { participant_id: Id; what: H.Signed; reason: string }, key: Id) =>
    call<H.Signing>('POST', `${one(c, h)}/signatures/refusal`, { body, key }),
  notePaper: (c: C, h: Id, body: { participant_id: Id; what: H.Signed; leaf_id: Id }, key: Id) => call<H.Signing>('POST', `${one(c, h)}/signatures/paper`, { body, key }),
  agreement: (c: C, h: Id) => call<H.Agreement>('GET', `${one(c, h)}/agreement`),
  writeAgreement: (c: C, h: Id, terms: string[], key: Id) => call<H.Agreement>('POST', `${one(c, h)}/agreement`, { body: { terms }, key }),

  openLink: (token: string) => call<H.SignTicket>('POST', '/sign-link', { body: { token }, ownsSignIn: true }),
  linkCode: (ticket: string) => call<{ expires_in_s: number; resend_after_s: number }>('POST', '/sign-link/code', { body: { ticket }, ownsSignIn: true }),
  linkRead: (ticket: string, code: string) => call<H.SignReading>('POST', '/sign-link/read', { body: { ticket, code }, ownsSignIn: true }),
  linkSign: (body: { pass: string; digest: string; way: 'handwritten' | 'typed'; strokes?: number[][]; typed_name?: string; read_to_end: boolean }) =>
    call<{ standing: H.Standing; standing_name: string; at: string }>('POST', '/sign-link/sign', { body, ownsSignIn: true }),

  recordings: (c: C, h: Id) => call<{ items: H.Recording[] }>('GET', `${one(c, h)}/recordings`),
  recordingUrl: (c: C, h: Id, r: Id) => url(`${one(c, h)}/recordings/${r}/content`),
  package: (c: C, h: Id) => call<H.HearingPackage>('GET', `${one(c, h)}/package`),
  recordingRequestsUrl: (c: C, h: Id) => url(`${one(c, h)}/recording-requests`),
  recordingRequests: (c: C, h: Id) => call<{ items: H.RecordingRequest[] }>('GET', `${one(c, h)}/recording-requests`),
  courtRecordingRequests: (c: C, state?: H.RecordingRequest['state']) => call<{ items: H.RecordingRequest[] }>('GET', `/courts/${c}/recording-requests`, { query: { state } }),
  retention: (c: C, k: Id) => call<H.RecordingRetention>('GET', `/courts/${c}/cases/${k}/recording-retention`),
  setRetention: (c: C, k: Id, body: { class: H.RetentionClass; reason: string }) => call<H.RecordingRetention>('PUT', `/courts/${c}/cases/${k}/recording-retention`, { body }),
  packageUrl: (c: C, h: Id) => url(`${one(c, h)}/package.zip`),
  askForRecording: (c: C, h: Id, body: { kind: string; purpose: string; from_ms?: number; until_ms?: number }, key: Id) => call<H.RecordingRequest>('POST', `${one(c, h)}/recording-requests`, { body, key }),
  decideRecording: (c: C, h: Id, r: Id, body: { grant: boolean; reasons: string; days?: number }, key: Id) =>
    call<H.RecordingRequest>('POST', `${one(c, h)}/recording-requests/${r}/decide`, { body, key }),
  endRecordingRequest: (c: C, h: Id, r: Id, key: Id) => call<H.RecordingRequest>('POST', `${one(c, h)}/recording-requests/${r}/end`, { key }),
  putAway: (c: C, h: Id, r: Id, body: { reason: string }, key: Id) => call<H.RecordingAway>('POST', `${one(c, h)}/recordings/${r}/away`, { body, key }),
  keep: (c: C, h: Id, r: Id) => call<H.RecordingAway>('POST', `${one(c, h)}/recordings/${r}/keep`),
}
