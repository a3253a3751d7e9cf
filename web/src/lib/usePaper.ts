import { useLang } from './useLang'

/** Whom a paper is for, where its printed name says so: 应诉通知书（孙丽） → 孙丽. */
const addressee = (p: { kind?: string; title: string }): string => (p.kind === 'notice_to_respond' ? (/（(.+)）$/.exec(p.title)?.[1] ?? '') : '')

/** The name of a paper: as printed; in English by its kind, where we know it. */
export function usePaper() {
  const { t, te, lang } = useLang()
  function paperName(p: { kind?: string; title: string }): string {
    if (lang.value !== 'en' || !p.kind || !te(`common.paper.${p.kind}`)) return p.title
    const to = addressee(p)
    return to ? `${t(`common.paper.${p.kind}`)} (${to})` : t(`common.paper.${p.kind}`)
  }
  return { paperName }
}
