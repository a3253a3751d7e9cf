import type { InboxItem } from '@/api'
import { useLang } from '@/lib/useLang'
import { explainedRow, servedKey } from './served'

/** When something was served and by which rule, said to the one it was served on. */
export function useServed() {
  const { t, day, time, pick } = useLang()
  function sentence(i: InboxItem): string {
    const at = i.served_at ? time(i.served_at) : ''
    switch (servedKey(i)) {
      case 'served': return t('service.said.served', { time: at })
      case 'presumed': return t('service.said.presumed', { time: at })
      case 'contested': return t('service.said.contested', { time: at })
      case 'unusable': return t('service.said.unusable')
      case 'info_only': return t('service.said.info_only')
      default: return t('service.said.waiting')
    }
  }
  function ground(i: InboxItem): string {
    const why = explainedRow(i.row_code)
    const article = pick(i, 'article')
    if (!i.served_at) return ''
    return [why ? t(`service.row.${why}`) : '', article ? t('service.by_article', { article }) : ''].filter(Boolean).join(t('service.gap'))
  }
  const counts = (i: InboxItem): string => (i.counts_from ? t('service.counts_from', { day: day(i.counts_from) }) : '')
  const titles = (i: InboxItem): string => i.papers.map((p) => p.title).join(t('service.comma'))
  return { sentence, ground, counts, titles }
}
