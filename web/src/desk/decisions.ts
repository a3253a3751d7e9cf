import { ref, shallowReactive } from 'vue'
import { newKey, type FilingSummary, type Uuid } from '@/api'
import { dismiss, toast } from '@/ui/toast'
import { HoldQueue } from './hold'

/** Decisions on their way. They outlive the page: a clerk may look at another one while the ten seconds run. */
export type DecisionKind = 'give_back' | 'accept' | 'refuse' | 'transfer'
export const HOLD_SECONDS = 10
export interface Held {
  kind: DecisionKind
  until: number
}
export interface Failure {
  filing: FilingSummary
  kind: DecisionKind
  error: unknown
}
export const heldNow = shallowReactive(new Map<Uuid, Held>())
export const failures = ref<Failure[]>([])
const queue = new HoldQueue(HOLD_SECONDS * 1000)

export function decide(d: {
  filing: FilingSummary
  kind: DecisionKind
  /** the line of the toast while it can be taken back */
  text: string
  /** gets the key of this intention; answers the line to say when done, if any */
  send: (key: Uuid) => Promise<string | undefined>
  failed: (error: unknown) => void
  undone: () => void
}): void {
  const subject = d.filing.id
  const key = newKey()
  let line = 0
  const accepted = queue.hold({
    subject,
    send: async () => {
      try {
        const said = await d.send(key)
        if (said) toast(said, { seconds: 10 })
      } catch (error) {
        failures.value = [...failures.value.filter((f) => f.filing.id !== subject), { filing: d.filing, kind: d.kind, error }]
        d.failed(error)
      }
    },
    over: () => {
      heldNow.delete(subject)
      dismiss(line)
    },
    undone: d.undone,
  })
  if (!accepted) return
  forget(subject)
  heldNow.set(subject, { kind: d.kind, until: Date.now() + HOLD_SECONDS * 1000 })
  line = toast(d.text, { seconds: HOLD_SECONDS, undo: () => queue.undo(subject) })
}
/** The last decision, or the one about this filing. */
export const takeBack = (subject?: Uuid): boolean => queue.undo(subject)
export const sendNow = (subject: Uuid): Promise<void> => queue.release(subject)
export const forget = (subject: Uuid): void => void (failures.value = failures.value.filter((f) => f.filing.id !== subject))
export const failureOf = (subject: Uuid | undefined): Failure | undefined => failures.value.find((f) => f.filing.id === subject)

if (typeof window !== 'undefined') window.addEventListener('pagehide', () => void queue.flush())
