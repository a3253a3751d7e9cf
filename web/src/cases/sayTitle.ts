import type { Language } from '@/api/types'

/** 赵文博诉某公司 said to 赵文博: 您诉某公司, You v. 某公司. Only where the name stands alone on its side. */
export function sayTitle(title: string, name: string | undefined, lang: Language): string {
  if (lang === 'en') {
    const sides = title.split('诉')
    return sides.length === 2 && sides[0] && sides[1] ? sides.map((s) => (s === name ? 'You' : s)).join(' v. ').replace(/ v\. You$/, ' v. you') : title
  }
  if (!name) return title
  if (title.startsWith(`${name}诉`)) return `您诉${title.slice(name.length + 1)}`
  if (title.startsWith(`${name}申请执行`)) return `您申请执行${title.slice(name.length + 4)}`
  return title.endsWith(`诉${name}`) ? `${title.slice(0, -name.length)}您` : title
}
