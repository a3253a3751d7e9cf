import type { Proof } from '@/api/types'
import { useLang } from '@/lib/useLang'

/** The server names a document in Chinese; in English it is named here. */
export function useProofWords() {
  const { t, te, lang } = useLang()
  const sayKind = (p: Pick<Proof, 'kind' | 'label'>) => (lang.value === 'en' && te(`account.proof_kinds.${p.kind}`) ? t(`account.proof_kinds.${p.kind}`) : p.label)
  return { sayKind }
}
