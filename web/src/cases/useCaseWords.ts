import { useLang } from '@/lib/useLang'

/** Stage and procedure come as codes; a word we do not know is shown as it is. */
export function useCaseWords() {
  const { t, te } = useLang()
  const word = (group: string, code: string) => (te(`cases.${group}.${code}`) ? t(`cases.${group}.${code}`) : code)
  return { stage: (code: string) => word('stage_is', code), procedure: (code: string) => word('procedure_is', code) }
}
