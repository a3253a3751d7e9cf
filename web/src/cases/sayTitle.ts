import type { Language } from '@/api/types'

/** 赵文博诉某公司 said to 赵文博: 您诉某公司. Only where the name stands alone on its side. */
export function sayTitle(title: string, name: string | undefined, lang: Language): string {
  if (!name || lang !== 'zh') return title
  if (title.startsWith(`${name}诉`)) return `您诉${title.slice(name.length + 1)}`
  if (title.startsWith(`${name}申请执行`)) return `您申请执行${title.slice(name.length + 4)}`
  return title.endsWith(`诉${name}`) ? `${title.slice(0, -name.length)}您` : title
}
