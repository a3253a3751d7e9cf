import { useLang } from '@/lib/useLang'

/** Words of the acts of the wall; one that is not known yet is shown by its own name. */
export function useActWords() {
  const { t, te } = useLang()
  const slug = (act: string) => act.replace(/[:.]/g, '_')
  return { act: (key: string) => (te(`staff.act.${slug(key)}`) ? t(`staff.act.${slug(key)}`) : key), role: (key: string) => (te(`staff.role.${key}`) ? t(`staff.role.${key}`) : key) }
}
