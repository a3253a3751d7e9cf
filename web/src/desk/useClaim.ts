import { onBeforeUnmount, ref, watch } from 'vue'
import { ApiProblem, api, asProblem, type Claim, type Filing } from '@/api'
import { useSession } from '@/session/session'
import { heldNow } from './decisions'

const claimed = () => new ApiProblem({ type: '', title: '', title_en: '', status: 409, code: 'filing.claimed', detail: '', detail_en: '', cure: '', cure_en: '', request_id: '' })

/** Claims a filing when it is opened, keeps the claim while it is on the desk, gives it back on leaving. */
export function useClaim(filing: () => Filing | undefined, refused: () => void) {
  const { me } = useSession()
  const claim = ref<Claim | null>(null)
  const problem = ref<ApiProblem | null>(null)
  let mine: { court: number; id: string } | null = null
  let timer: ReturnType<typeof setTimeout> | undefined

  async function take() {
    const f = filing()
    clearTimeout(timer)
    if (!f || f.state !== 'submitted' || !f.may.includes('claim')) return
    const { court_id: court, id } = f
    const other = f.claimed_by && f.claimed_by.person_id !== me.value?.person_id ? f.claimed_by : null
    const wait = other ? new Date(other.until).getTime() - Date.now() : 0
    if (other && wait > 0) {
      // The record already says who has it: no need to be refused; ask again when the other claim runs out.
      problem.value = claimed()
      timer = setTimeout(() => void take(), wait + 1000)
      return
    }
    try {
      const got = await api.filings.claim(court, id)
      if (filing()?.id !== id) {
        // The clerk went on while the answer was on its way.
        if (!heldNow.has(id)) void api.filings.release(court, id).catch(() => undefined)
        return
      }
      mine = { court, id }
      claim.value = got
      problem.value = null
      const left = new Date(got.until).getTime() - Date.now()
      timer = setTimeout(() => void take(), Math.max(30_000, left / 2))
    } catch (error) {
      if (filing()?.id !== id) return
      problem.value = asProblem(error)
      if (problem.value.code === 'filing.claimed') refused()
    }
  }
  function drop() {
    clearTimeout(timer)
    const was = mine
    mine = null
    claim.value = null
    problem.value = null
    // A decision on its way needs the claim until it is sent; sending it ends the claim.
    if (was && !heldNow.has(was.id)) void api.filings.release(was.court, was.id).catch(() => undefined)
  }
  watch(() => filing()?.id, (now, before) => {
    if (now === before) return
    drop()
    void take()
  }, { immediate: true })
  window.addEventListener('pagehide', drop)
  onBeforeUnmount(() => {
    window.removeEventListener('pagehide', drop)
    drop()
  })
  /** The decision was sent: there is nothing left to give back. */
  const spent = (id: string) => { if (mine?.id === id) mine = null }
  return { claim, problem, take, spent }
}
