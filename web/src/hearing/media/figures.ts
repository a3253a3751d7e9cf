/** What a beat says of the line: from the browser's own counts, over the last beat. Losses in tenths of a percent. */
export interface Counts {
  received: number
  lost: number
}
export interface Figures {
  up_loss: number
  down_loss: number
  rtt: number
}
type Report = { type: string } & Record<string, unknown>
const number = (x: unknown) => (typeof x === 'number' && Number.isFinite(x) ? x : 0)

export function countsOf(reports: Iterable<Report>): Counts {
  const c = { received: 0, lost: 0 }
  for (const r of reports) {
    if (r.type !== 'inbound-rtp') continue
    c.received += number(r.packetsReceived)
    c.lost += Math.max(0, number(r.packetsLost))
  }
  return c
}
/** New connections count from nothing: a fall of the counts is a new beginning. */
export function downLoss(before: Counts, after: Counts): number {
  const received = after.received - before.received
  const lost = after.lost - before.lost
  if (received < 0 || lost < 0 || received + lost === 0) return 0
  return Math.round((1000 * lost) / (received + lost))
}
/** The far side tells us what it misses; the worst track counts. Round trip in ms, 0: not known. */
export function upFigures(reports: Iterable<Report>): { up_loss: number; rtt: number } {
  let up_loss = 0
  let rtt = 0
  for (const r of reports) {
    if (r.type === 'remote-inbound-rtp') {
      up_loss = Math.max(up_loss, Math.round(1000 * Math.min(1, Math.max(0, number(r.fractionLost)))))
      rtt = Math.max(rtt, Math.round(1000 * number(r.roundTripTime)))
    } else if (r.type === 'candidate-pair' && r.nominated === true && rtt === 0) {
      rtt = Math.round(1000 * number(r.currentRoundTripTime))
    }
  }
  return { up_loss, rtt }
}
export type Bars = 'good' | 'poor' | 'bad'
/** good < 10 % loss, poor 10–15 %, bad from 15 %. */
export const barsOf = (f: Pick<Figures, 'up_loss' | 'down_loss'>): Bars => {
  const worst = Math.max(f.up_loss, f.down_loss)
  return worst >= 150 ? 'bad' : worst >= 100 ? 'poor' : 'good'
}
