import type { PartyAddresses, ServiceRecipient, ServiceState, ServiceTask, ServiceTaskKind } from '@/api/types'

/** Pure lists and orders of the service desk. */

/** What needs a hand first: what stands still, then what the law waits for, then what helps along. */
export const TASK_KINDS: ServiceTaskKind[] = ['no_way_left', 'check_number', 'decide_rebuttal', 'call', 'post', 'by_hand', 'public_notice', 'to_ordinary', 'paper_copy']
export function taskOrder(tasks: readonly ServiceTask[]): ServiceTask[] {
  return [...tasks].sort((a, b) => TASK_KINDS.indexOf(a.kind) - TASK_KINDS.indexOf(b.kind) || a.since.localeCompare(b.since))
}
/** These end when a clerk says so; the others end with what is entered of the service. */
export const endsByHand = (kind: ServiceTaskKind): boolean => kind === 'call' || kind === 'paper_copy' || kind === 'check_number'
/** There is something to print: the papers behind a cover with labels. */
export const isPrinted = (kind: ServiceTaskKind): boolean => kind === 'post' || kind === 'by_hand' || kind === 'paper_copy'
/** Taken back only before anybody was served. */
export const mayCancel = (recipients: readonly Pick<ServiceRecipient, 'effect' | 'state'>[]): boolean =>
  recipients.some((r) => r.state !== 'cancelled') && recipients.every((r) => r.effect === 'no' || r.effect === 'notice_unusable')

export const PAPER_CHANNELS = ['post', 'direct', 'appointed_receiver', 'household_adult', 'entrusted', 'leave_service', 'public_notice'] as const
export const isPaperChannel = (channel: string): boolean => (PAPER_CHANNELS as readonly string[]).includes(channel)
/** The way the plan asks for, to begin with. */
export function firstChannel(next: { step: string; ways: string[] }): string {
  if (next.step === 'public_notice') return 'public_notice'
  if (next.step === 'by_hand') return next.ways.find(isPaperChannel) ?? 'direct'
  return 'post'
}

/** What a clerk can know of a sending; the rest the system or the recipient says. */
export function resultsOf(channel: string): string[] {
  switch (channel) {
    case 'post': return ['signed', 'returned', 'courier_tried', 'no_fault_proved']
    case 'direct':
    case 'entrusted': return ['signed', 'refused']
    case 'appointed_receiver':
    case 'household_adult': return ['signed']
    case 'leave_service': return ['left']
    case 'public_notice': return ['published']
    default: return ['answered_received', 'receipt_proved', 'arrival_proved']
  }
}
export const SIGNERS = ['recipient', 'agent', 'appointed_receiver', 'organisation_receiver', 'household_adult', 'opposing_party', 'other'] as const
export const REASONS = ['nobody_met', 'sign_refused', 'wrong_address', 'change_not_told', 'address_refused', 'not_known', 'other'] as const
export const asksSigner = (what: string): boolean => what === 'signed'
export const asksReason = (what: string): boolean => what === 'returned'
export const asksWitness = (what: string): boolean => what === 'left' || what === 'refused'

/** Rulings that may be appealed (民事诉讼法 Art 157): their service starts ten days, so the clerk says which it is. */
export const RULINGS = ['ruling:jurisdiction', 'ruling:dismissed', 'ruling:not_accepted'] as const
/** A leaf of the file as it is ordered to be served. */
export function leafChoice(leaf_id: string, kind: string): { leaf_id: string; paper_kind: string; ruling?: string } {
  const [paper_kind = kind, ruling] = kind.split(':')
  return ruling ? { leaf_id, paper_kind, ruling } : { leaf_id, paper_kind }
}

/** A day and an hour of Beijing as an instant; null when the hour is none. */
export function instantOf(day: string | null, hour: string): string | null {
  if (!day || !/^([01]\d|2[0-3]):[0-5]\d$/.test(hour.trim())) return null
  return new Date(`${day}T${hour.trim()}:00+08:00`).toISOString()
}

/** By which way papers would go to a party, before anything is ordered; the server decides per paper. */
export interface Route {
  electronic: boolean
  why: 'agreed' | 'by_conduct' | 'not_agreed' | 'nothing'
  ways: string[]
}
export function routeOf(party: PartyAddresses | undefined): Route {
  const post = (party?.addresses ?? []).filter((a) => a.channel === 'post').map((a) => a.masked)
  const reach = (party?.addresses ?? []).filter((a) => a.channel !== 'post' && a.consent !== 'none' && !a.doubtful_since)
  if (party?.agrees && reach.length) return { electronic: true, why: reach.some((a) => a.consent === 'full') ? 'agreed' : 'by_conduct', ways: reach.map((a) => a.masked) }
  return { electronic: false, why: post.length ? 'not_agreed' : 'nothing', ways: post }
}

/** Why an address is in doubt, of a task that asks to look into it. */
export const doubtOf = (task: Pick<ServiceTask, 'detail'>): string =>
  typeof task.detail === 'object' && task.detail !== null && 'why' in task.detail ? String(task.detail.why) : ''

/** Addresses nothing is sent to until somebody has looked or the party confirmed one. */
export const doubtful = (parties: readonly PartyAddresses[]): { party: string; address: PartyAddresses['addresses'][number] }[] =>
  parties.flatMap((p) => p.addresses.filter((a) => a.doubtful_since).map((address) => ({ party: p.name, address })))

export const toneOf = (state: ServiceState, effect: string): 'ok' | 'warn' | 'info' | 'bad' | 'mute' => {
  if (state === 'done') return effect === 'yes' || effect === 'presumed' ? 'ok' : 'mute'
  if (state === 'waiting_for_clerk' || state === 'waiting_for_judge') return 'warn'
  if (state === 'stuck') return 'bad'
  return state === 'cancelled' ? 'mute' : 'info'
}
