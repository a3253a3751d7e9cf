import type { FilingReceipt, Uuid } from '@/api/types'

/** The receipt of a filing sent from this window, for the page that follows. */
const key = (filing: Uuid) => `lianting.receipt.${filing}`
export function keepReceipt(r: FilingReceipt): void {
  try {
    sessionStorage.setItem(key(r.filing_id), JSON.stringify(r))
  } catch {
    // the filing page still shows number and time
  }
}
export function keptReceipt(filing: Uuid): FilingReceipt | null {
  try {
    return JSON.parse(sessionStorage.getItem(key(filing)) ?? 'null') as FilingReceipt | null
  } catch {
    return null
  }
}
