import type { DeadlineQuery, DeadlineRule } from '@/api/types'

/** What the deadline page holds while one counts; the address keeps the same things in the API's own words. */
export interface DeadlineForm {
  rule: string
  day: string | null
  /** 16:30, for periods of hours and arrivals */
  hour: string
  lead: 'A' | 'B' | ''
  roll: 'roll' | 'no_roll' | ''
  abroad: boolean
  court: string
  travel: string
  pauseFrom: string | null
  pauseUntil: string | null
  obstacle: string | null
}
type Asked = Record<string, unknown>
const text = (v: unknown) => (typeof v === 'string' ? v : '')
const day = (v: string | undefined) => (v && /^\d{4}-\d{2}-\d{2}$/.test(v) ? v : null)

export function readForm(query: Asked): DeadlineForm {
  const [date = '', hour = ''] = text(query.trigger).replace(' ', 'T').split('T')
  const modes = text(query.mode).split(/[,; ]/).map((m) => m.trim())
  const [from, until] = text(query.pauses).split('..')
  return {
    rule: text(query.rule),
    day: day(date),
    hour: hour.slice(0, 5),
    lead: modes.includes('A') ? 'A' : modes.includes('B') ? 'B' : '',
    roll: modes.includes('no_roll') ? 'no_roll' : modes.includes('roll') ? 'roll' : '',
    abroad: modes.includes('abroad'),
    court: text(query.court),
    travel: text(query.travel_days),
    pauseFrom: day(from),
    pauseUntil: day(until),
    obstacle: day(text(query.obstacle_ended)),
  }
}

/** Hours count from a moment, and an arrival may have one. */
export const takesHour = (rule: DeadlineRule): boolean => rule.unit === 'hours' || rule.kind === 'same_day'
/** What may be said about this period, so that no field stands there for nothing. */
export const mayPause = (rule: DeadlineRule): boolean => rule.unit !== 'hours' && !['fixed', 'back', 'lead', 'same_day'].includes(rule.kind)
export const mayTravel = (rule: DeadlineRule): boolean => rule.unit !== 'hours' && !['fixed', 'back', 'same_day'].includes(rule.kind)
export const mayExcuse = (rule: DeadlineRule): boolean => ['legal', 'chain'].includes(rule.kind) && !['court', 'mediator'].includes(rule.who)

export function writeQuery(form: DeadlineForm, rule: DeadlineRule): DeadlineQuery {
  const has = (mode: string) => rule.modes.includes(mode)
  const modes = [form.lead && has(form.lead) ? form.lead : '', form.roll && has(form.roll) ? form.roll : '', form.abroad && has('abroad') ? 'abroad' : ''].filter(Boolean)
  const pauses = mayPause(rule) && form.pauseFrom ? `${form.pauseFrom}..${form.pauseUntil ?? ''}` : ''
  const travel = Number(form.travel)
  return {
    rule: rule.key,
    trigger: form.day ? (takesHour(rule) && form.hour ? `${form.day}T${form.hour}` : form.day) : '',
    ...(modes.length ? { mode: modes.join(',') } : {}),
    ...(Number(form.court) ? { court: Number(form.court) } : {}),
    ...(mayTravel(rule) && travel > 0 ? { travel_days: travel } : {}),
    ...(pauses ? { pauses } : {}),
    ...(mayExcuse(rule) && form.obstacle ? { obstacle_ended: form.obstacle } : {}),
  }
}
