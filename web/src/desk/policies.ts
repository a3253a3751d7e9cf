import type { PolicyCell, PolicyChange, RoleName } from '@/api/types'

export type Effect = PolicyChange['effect']
export const cellKey = (role: string, act: string): string => `${role} ${act}`

/** The matrix as columns and grouped rows, in the order the server gives. */
export function laidOut(matrix: PolicyCell[]): { roles: RoleName[]; groups: { object: string; acts: string[] }[]; cells: Map<string, PolicyCell> } {
  const roles = [...new Set(matrix.map((c) => c.role))]
  const groups: { object: string; acts: string[] }[] = []
  for (const act of new Set(matrix.map((c) => c.act))) {
    const object = act.split(/[:.]/)[0] ?? act
    const group = groups.find((g) => g.object === object)
    if (group) group.acts.push(act)
    else groups.push({ object, acts: [act] })
  }
  return { roles, groups, cells: new Map(matrix.map((c) => [cellKey(c.role, c.act), c])) }
}
/**
 * Pressing a cell turns it round; pressing again goes back to what it was.
 * A cell the court set itself first goes back to the province.
 */
export function pressed(cell: PolicyCell, edit: Effect | undefined): Effect | undefined {
  if (edit !== undefined) return undefined
  if (cell.source === 'court') return 'inherit'
  return cell.allowed ? 'deny' : 'allow'
}
export function changesOf(edits: Map<string, Effect>): PolicyChange[] {
  return [...edits].map(([key, effect]) => {
    const [role = '', act = ''] = key.split(' ')
    return { role: role as RoleName, act, effect }
  })
}
