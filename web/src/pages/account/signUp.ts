import { computed, reactive } from 'vue'
import type { IdType, SignUp, Standing } from '@/api'
import { isMobile, isResidentId, isUscc } from '@/lib/ids'

export type SignUpStep = 'standing' | 'mobile' | 'identity' | 'body' | 'password'

/** Which step holds a field of the call; a refused field leads back to its step. */
const STEP_OF: Record<string, SignUpStep> = {
  '/standing': 'standing', '/mobile': 'mobile', '/code': 'mobile', '/name': 'identity', '/id_type': 'identity', '/id_number': 'identity',
  '/organisation': 'body', '/licence': 'body', '/password': 'password', '/email': 'password',
}
export function stepOf(field: string): SignUpStep {
  return STEP_OF[field] ?? STEP_OF[`/${field.split('/')[1] ?? ''}`] ?? 'password'
}

export const MIN_PASSWORD = 10

export function useSignUp() {
  const form = reactive({
    standing: null as Standing | null,
    mobile: '', code: '', name: '', id_type: 'resident_id' as IdType, id_number: '',
    org_name: '', uscc: '', representative: '', licence: '', firm: '', firm_uscc: '', password: '', email: '',
  })
  const isOrg = computed(() => form.standing === 'organisation')
  const isLawyer = computed(() => form.standing === 'lawyer' || form.standing === 'legal_worker')
  const steps = computed<SignUpStep[]>(() =>
    isOrg.value || isLawyer.value ? ['standing', 'mobile', 'identity', 'body', 'password'] : ['standing', 'mobile', 'identity', 'password'],
  )

  /** i18n keys of what is open on a step, by field pointer. */
  function open(step: SignUpStep): Record<string, string> {
    const e: Record<string, string> = {}
    const need = (field: string, ok: boolean, key: string) => {
      if (!ok) e[field] = `account.open.${key}`
    }
    if (step === 'standing') need('/standing', form.standing !== null, 'standing')
    if (step === 'mobile') {
      need('/mobile', isMobile(form.mobile), 'mobile')
      need('/code', /^\d{6}$/.test(form.code), 'code')
    }
    if (step === 'identity') {
      need('/name', form.name.trim().length >= 2, 'name')
      need('/id_number', form.id_type === 'resident_id' ? isResidentId(form.id_number) : form.id_number.trim().length >= 5, form.id_type === 'resident_id' ? 'resident_id' : 'id_number')
    }
    if (step === 'body' && isOrg.value) {
      need('/organisation/name', form.org_name.trim().length >= 2, 'org_name')
      need('/organisation/uscc', isUscc(form.uscc), 'uscc')
      need('/organisation/representative', form.representative.trim().length >= 2, 'representative')
    }
    if (step === 'body' && isLawyer.value) {
      need('/licence/number', form.licence.trim().length >= 6, 'licence')
      need('/licence/firm', form.firm.trim().length >= 4, 'firm')
      need('/licence/firm_uscc', form.firm_uscc.trim() === '' || isUscc(form.firm_uscc), 'uscc')
    }
    if (step === 'password') {
      need('/password', form.password.length >= MIN_PASSWORD, 'password')
      need('/email', form.email.trim() === '' || /^\S+@\S+\.\S+$/.test(form.email.trim()), 'email')
    }
    return e
  }

  function body(): SignUp {
    const clean = (s: string) => s.trim()
    return {
      mobile: form.mobile.replace(/[\s-]/g, ''), code: form.code, password: form.password, standing: form.standing ?? 'natural',
      name: clean(form.name), id_type: form.id_type, id_number: clean(form.id_number).toUpperCase(),
      ...(clean(form.email) ? { email: clean(form.email) } : {}),
      ...(isOrg.value ? { organisation: { name: clean(form.org_name), uscc: clean(form.uscc).toUpperCase(), representative: clean(form.representative) } } : {}),
      ...(isLawyer.value
        ? { licence: { number: clean(form.licence), firm: clean(form.firm), ...(clean(form.firm_uscc) ? { firm_uscc: clean(form.firm_uscc).toUpperCase() } : {}) } }
        : {}),
    }
  }
  return { form, steps, isOrg, isLawyer, open, body }
}
