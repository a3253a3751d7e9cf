import { useLang } from '@/lib/useLang'

/** Remaining time in words; rounded, because it is a guess. */
export function useSayLeft() {
  const { t } = useLang()
  return (seconds: number): string => {
    if (seconds < 5) return t('upload.left_soon')
    if (seconds < 60) return t('upload.left_s', { n: Math.ceil(seconds / 5) * 5 })
    if (seconds < 3600) return t('upload.left_m', { n: Math.ceil(seconds / 60) })
    return t('upload.left_h')
  }
}
