import type { DraftFile } from '@/api/types'
import type { IconName } from '@/ui'

/** What the file dialog offers; the court looks at the content, not at the name. */
export const ACCEPT = 'image/*,audio/*,video/*,application/pdf,.pdf,.ofd,.doc,.docx,.xls,.xlsx,.txt,.zip,.heic'
export const isPicture = (media: string) => media.startsWith('image/')
export const canPreview = (media: string) => /^(image|audio|video)\//.test(media) || media === 'application/pdf'
export function iconOf(media: string): IconName {
  if (isPicture(media)) return 'image'
  if (media.startsWith('video/')) return 'video'
  if (media.startsWith('audio/')) return 'play'
  return 'file-text'
}
export const byIds = (files: DraftFile[], ids: string[]) => ids.flatMap((id) => files.find((f) => f.id === id) ?? [])
/** null = the format has no pages */
export const pagesOf = (files: DraftFile[]): number | null => (files.some((f) => f.pages) ? files.reduce((n, f) => n + (f.pages ?? 0), 0) : null)
