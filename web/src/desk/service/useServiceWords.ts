import type { ServiceNext, ServiceRow } from '@/api/types'
import { useLang } from '@/lib/useLang'

/** The closed words of service by language. */
export function useServiceWords() {
  const { t, te, pick, time } = useLang()
  const word = (group: string, key: string) => (te(`service.${group}.${key}`) ? t(`service.${group}.${key}`) : key)
  const step = (next: ServiceNext) => word('step', next.step)
  const until = (next: ServiceNext) => (next.until ? t('service.desk.until', { time: time(next.until) }) : '')
  return {
    channel: (key: string) => word('channel', key),
    state: (key: string) => word('state', key),
    effect: (key: string) => word('effect', key),
    task: (key: string) => word('task', key),
    word, step, until,
    why: (next: ServiceNext) => pick(next, 'why'),
    standing: (r: Pick<ServiceRow, 'served_at' | 'effect' | 'state'>) => (r.served_at ? `${word('effect', r.effect)} ${time(r.served_at)}` : word('effect', r.effect)),
  }
}
