/** Short ids of rows inside a draft; unique enough for one draft. */
export function rowId(prefix: string): string {
  return `${prefix}${Date.now().toString(36)}${Math.random().toString(36).slice(2, 6)}`
}
