/** 未结 · 已结 · 全部: in the address `closed=false | true | all`, for the server a yes, a no, or nothing. */
export const STANDINGS = ['open', 'closed', 'all'] as const
export type Standing = (typeof STANDINGS)[number]
const WORDS: Record<Standing, string> = { open: 'false', closed: 'true', all: 'all' }

/** What an address says; undefined where it says nothing we know. */
export const standingOf = (word: unknown): Standing | undefined => STANDINGS.find((s) => WORDS[s] === word)
export const closedParam = (s: Standing): string => WORDS[s]
export const isClosed = (s: Standing): boolean | undefined => (s === 'all' ? undefined : s === 'closed')

/** Somebody with a few cases sees all of them; a list that has to be searched begins with what is open. */
const FEW = 20
export const standingFor = (cases: number): Standing => (cases <= FEW ? 'all' : 'open')
