/** Calls at once, then at most every `ms`; of what comes meanwhile the last goes. */
export function relayed<T>(ms: number, send: (value: T) => void, now: () => number = () => Date.now(), later: (run: () => void, ms: number) => void = (run, wait) => void setTimeout(run, wait)) {
  let sentAt = -Infinity
  let waits = false
  let next: T
  return (value: T) => {
    next = value
    if (waits) return
    const wait = sentAt + ms - now()
    const go = () => {
      waits = false
      sentAt = now()
      send(next)
    }
    if (wait <= 0) return go()
    waits = true
    later(go, wait)
  }
}
