const KEY = 'lianting.court'

/** The court visited last on this device, offered first next time. */
export function lastCourt(): number | null {
  try {
    return Number(localStorage.getItem(KEY)) || null
  } catch {
    return null
  }
}
export function rememberCourt(court: number): void {
  try {
    localStorage.setItem(KEY, String(court))
  } catch {
    // storage switched off
  }
}
