import { computed, reactive, ref, watchEffect } from 'vue'
import { ApiProblem, api } from '@/api'
import { whenSessionLost, whenStepUpNeeded } from '@/api/client'
import type { CourtId, Density, Language, Me, RoleName } from '@/api/types'
import { currentLanguage, setLanguage } from '@/i18n'

/** Choices of a visitor without an account stay in this browser. */
const KEY_LARGE = 'lianting.large'
const KEY_LANG = 'lianting.lang'
/** Someone signed in here before: public pages then ask who it is. Others are spared the question. */
const KEY_SEEN = 'lianting.seen'
const stored = (key: string) => {
  try {
    return localStorage.getItem(key)
  } catch {
    return null // storage switched off
  }
}
const store = (key: string, value: string) => {
  try {
    localStorage.setItem(key, value)
  } catch {
    // the choice then lasts as long as the page
  }
}

const me = ref<Me | null>(null)
const known = ref(false)
const large = ref(stored(KEY_LARGE) === '1')
/** Set by the shell in use: staff pages are denser unless the person chose otherwise. */
const shellDensity = ref<Density>('easy')

/** The re-sign-in dialog watches this; resolve(true) repeats the interrupted call. */
export const resignIn = reactive<{ open: boolean; resolve: ((ok: boolean) => void) | null }>({ open: false, resolve: null })
let asking: Promise<boolean> | null = null

whenSessionLost(() => {
  // Several calls may fail at once; one dialog serves them all.
  asking ??= new Promise<boolean>((resolve) => {
    resignIn.resolve = resolve
    resignIn.open = true
  }).finally(() => {
    resignIn.open = false
    resignIn.resolve = null
    asking = null
  })
  return asking
})

/** The step-up dialog watches this; resolve(true) repeats the call that needed it. */
export const stepUp = reactive<{ open: boolean; resolve: ((ok: boolean) => void) | null }>({ open: false, resolve: null })
let confirming: Promise<boolean> | null = null

whenStepUpNeeded(() => {
  confirming ??= new Promise<boolean>((resolve) => {
    stepUp.resolve = resolve
    stepUp.open = true
  }).finally(() => {
    stepUp.open = false
    stepUp.resolve = null
    confirming = null
  })
  return confirming
})

let loading: Promise<void> | null = null
/** Asks once who is signed in. Never throws: a visitor is a normal answer. */
export function loadMe(options: { onlyIfSeen?: boolean } = {}): Promise<void> {
  if (!loading && options.onlyIfSeen && stored(KEY_SEEN) !== '1') {
    known.value = true
    return Promise.resolve()
  }
  loading ??= api.account
    .me()
    .then((got) => adopt(got))
    .catch((error: unknown) => {
      if (!(error instanceof ApiProblem)) throw error
      if (error.status === 401) store(KEY_SEEN, '0')
      else loading = null // ask again next time
    })
    .finally(() => {
      known.value = true
    })
  return loading
}

export function adopt(got: Me): void {
  me.value = got
  store(KEY_SEEN, '1')
  large.value = got.large_type
  if (got.language !== currentLanguage()) void setLanguage(got.language)
}

export async function signOut(): Promise<void> {
  await api.account.signOut()
  me.value = null
  store(KEY_SEEN, '0')
}

export async function chooseLarge(on: boolean): Promise<void> {
  large.value = on
  store(KEY_LARGE, on ? '1' : '0')
  if (me.value) me.value = await api.account.patch({ large_type: on })
}

export async function chooseLanguage(lang: Language): Promise<void> {
  await setLanguage(lang)
  store(KEY_LANG, lang)
  if (me.value && me.value.language !== lang) me.value = await api.account.patch({ language: lang })
}

export function storedLanguage(): Language {
  return stored(KEY_LANG) === 'en' ? 'en' : 'zh'
}

export function useShellDensity(density: Density): void {
  shellDensity.value = density
}

watchEffect(() => {
  const own = me.value?.density
  document.documentElement.dataset.density = large.value ? 'large' : (own ?? shellDensity.value)
})

const STAFF: RoleName[] = ['judge', 'clerk', 'presiding_judge', 'court_admin', 'provincial_admin', 'security_admin', 'auditor', 'technician']

export function useSession() {
  const has = (role: RoleName, court?: CourtId): boolean =>
    me.value?.roles.some((r) => r.role === role && (court === undefined || r.court_id === undefined || r.court_id === court)) ?? false
  return {
    me: computed(() => me.value),
    known: computed(() => known.value),
    signedIn: computed(() => me.value !== null),
    large: computed(() => large.value),
    isStaff: computed(() => me.value?.roles.some((r) => STAFF.includes(r.role)) ?? false),
    isLawyer: computed(() => me.value?.standing === 'lawyer' || me.value?.standing === 'legal_worker'),
    has,
    hasAny: (roles: RoleName[], court?: CourtId) => roles.some((r) => has(r, court)),
    /** courts where this person works */
    staffCourts: computed(() => [
      ...new Map(
        (me.value?.roles ?? [])
          .filter((r) => STAFF.includes(r.role) && r.court_id !== undefined)
          .map((r) => [r.court_id as CourtId, r.court_name ?? '']),
      ).entries(),
    ]),
  }
}
