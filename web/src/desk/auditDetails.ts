import { useLang } from '@/lib/useLang'

/** 40 and more signs of a fingerprint, or a whole id: known by a few of them. */
const brief = (v: string): string => (/^[0-9a-f]{40,}$/.test(v) ? `${v.slice(0, 12)}…` : /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(v) ? v.slice(-12) : v)
const isInstant = (v: unknown): v is string => typeof v === 'string' && /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(v)

/** Details of an audited act are small and hold no personal data; said as words, not as code. What is not there is not said. */
export function useAuditDetails() {
  const { t, te, time, money } = useLang()
  const worded = (group: string, v: string) => (te(`${group}.${v}`) ? t(`${group}.${v}`) : '')
  function say(v: unknown): string {
    if (Array.isArray(v)) return v.map(say).join(' ')
    if (v && typeof v === 'object') return pairs(v)
    if (typeof v === 'boolean') return t(v ? 'rules.yes' : 'rules.no')
    if (isInstant(v)) return time(v)
    const text = String(v)
    return worded('staff.role', text) || worded('audit.value', text) || brief(text)
  }
  function pair(key: string, v: unknown): string {
    const name = worded('audit.detail', key) || key
    return `${name} ${key === 'fen' && typeof v === 'number' ? money(v) : say(v)}`
  }
  const pairs = (o: object): string => Object.entries(o).filter(([, v]) => v !== null && v !== undefined && v !== '').map(([k, v]) => pair(k, v)).join(t('staff.comma'))
  return { details: (o: unknown): string => (o && typeof o === 'object' ? pairs(o) : '') }
}
