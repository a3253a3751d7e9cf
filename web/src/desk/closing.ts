import type { Case, Day, Manner } from '@/api/types'

/** 结案方式 of cases of every other kind, and of enforcement: the court's order, as the server holds it. */
const OF_SUITS: Manner[] = ['judgment', 'mediation', 'withdrawal', 'deemed_withdrawal', 'dismissal', 'transfer', 'termination']
const OF_ENFORCEMENT: Manner[] = ['enforced', 'round_ended', 'enforcement_ended', 'cancelled', 'not_enforced', 'application_rejected']
export const mannersOf = (kind: Case['kind']): Manner[] => (kind === 'enforcement' ? OF_ENFORCEMENT : OF_SUITS)

/** Is the day no day of the case's life? From docketing to today, both included. */
export const dayFault = (day: Day | null, filed: Day, now: Day): 'missing' | 'range' | null => (!day ? 'missing' : day < filed || day > now ? 'range' : null)

/** How many signs a reason for opening again has at least. */
export const REASON_LEAST = 5
