import type { InboxItem, Service, ServiceRecipient } from '@/api/types'

/** Pure words and orders of what was served; no calls, no text. */
type Standing = Pick<InboxItem, 'is_service' | 'effect' | 'contested' | 'served_at'>

/** Which sentence says how it stands. */
export type ServedKey = 'info_only' | 'waiting' | 'served' | 'presumed' | 'contested' | 'unusable'
export function servedKey(item: Standing): ServedKey {
  if (item.effect === 'yes' && item.served_at) return 'served'
  if (item.effect === 'presumed') return item.contested ? 'contested' : 'presumed'
  if (item.effect === 'notice_unusable') return 'unusable'
  return item.is_service ? 'waiting' : 'info_only'
}

/** Nobody of the side has opened it; what is shown for information only does not count. */
export const isUnread = (item: Pick<InboxItem, 'is_service' | 'read_at'>): boolean => item.is_service && !item.read_at

/** Unread first, then the newest. */
export function inboxOrder(items: readonly InboxItem[]): InboxItem[] {
  return [...items].sort((a, b) => Number(isUnread(b)) - Number(isUnread(a)) || b.announced_at.localeCompare(a.announced_at))
}

/** 判决书、裁定书、调解书: on paper too, if the recipient asks (Civil Procedure Law Art 90). */
const PAPER_ON_REQUEST = new Set(['judgment', 'ruling', 'mediation_statement'])
export const mayAskPaper = (papers: readonly { kind: string }[]): boolean => papers.some((p) => PAPER_ON_REQUEST.has(p.kind))

export const recipientOf = (service: Service | undefined, id: string): ServiceRecipient | undefined => service?.recipients.find((r) => r.id === id)

/** When the side pressed 确认收到, if it did. */
export function answeredAt(recipient: ServiceRecipient | undefined): string | undefined {
  const events = (recipient?.attempts ?? []).flatMap((a) => a.events)
  return events.filter((e) => e.what === 'answered_received').map((e) => e.at).sort()[0]
}

/** Rows with a sentence of their own; the others say only when and by which article. */
const EXPLAINED = new Set(['1', '2', '5', '6', '9', 'signed', 'post_returned', 'left', 'notice_served', 'simple_notice'])
export const explainedRow = (row: string | undefined): string | undefined => (row !== undefined && EXPLAINED.has(row) ? row : undefined)

/** At most a hundred go into one ZIP. */
export const zipIds = (items: readonly Pick<InboxItem, 'recipient_id'>[]): string[] => items.slice(0, 100).map((i) => i.recipient_id)
