import { useLang } from './useLang'

/** The name of a paper: as printed; in English by its kind, where we know it. */
export function usePaper() {
  const { t, te, lang } = useLang()
  return { paperName: (p: { kind?: string; title: string }) => (lang.value === 'en' && p.kind && te(`common.paper.${p.kind}`) ? t(`common.paper.${p.kind}`) : p.title) }
}
