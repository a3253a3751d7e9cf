import type { BoardAlert, BoardHearing, LineBand } from '@/hearing/before/types'
import { isSitting } from './program'

/** 技术看板: what comes first, and how bad a line is (look.md: loss < 10 good, 10–15 poor, ≥ 15 bad). Pure. */
export function alertOrder(items: BoardAlert[]): BoardAlert[] {
  const grave = ['recording_lost', 'storage_low', 'suspended', 'disconnected', 'media_blocked', 'poor_line', 'test_failed', 'room_left_open']
  const rank = (a: BoardAlert) => (a.taken_at ? 100 : 0) + grave.indexOf(a.kind)
  return [...items].sort((a, b) => rank(a) - rank(b) || a.since.localeCompare(b.since))
}
export function roomOrder(items: BoardHearing[]): BoardHearing[] {
  const rank = (h: BoardHearing) => (isSitting(h.state) ? ({ recording: 0, line: 1, none: 2 }[trouble(h) ?? 'none']) : h.state === 'waiting' ? 3 : 4)
  return [...items].sort((a, b) => rank(a) - rank(b) || a.starts_at.localeCompare(b.starts_at))
}
/** Sits in session without a recording, or with somebody's line bad. */
export function trouble(h: BoardHearing): 'recording' | 'line' | null {
  if (h.state === 'open' && !h.recording) return 'recording'
  return h.poor > 0 ? 'line' : null
}
/** The worse direction, in percent with one digit; null: nothing was told yet. */
export function lossOf(p: { up_loss?: number; down_loss?: number }): string | null {
  const all = [p.up_loss, p.down_loss].filter((x): x is number => x !== undefined)
  return all.length ? (Math.max(...all) / 10).toFixed(1) : null
}
/** Courts that need somebody first, then those that sit. */
export function courtOrder<C extends { court_id: number; untaken: number; alerts: number; paused: number; sitting: number; waiting: number }>(items: C[]): C[] {
  const rank = (c: C) => c.untaken * 1e6 + c.alerts * 1e4 + c.paused * 1e3 + c.sitting * 10 + c.waiting
  return [...items].sort((a, b) => rank(b) - rank(a) || a.court_id - b.court_id)
}
/** The tag of a line's band, as the server calls it. */
export function toneOfBand(band: LineBand): 'ok' | 'warn' | 'bad' {
  return ({ good: 'ok', poor: 'warn', bad: 'bad' } as const)[band]
}
/** Figures of an alert as pairs; names are keys of i18n below hearing_board.board.figure, unknown ones are left out. */
export const FIGURES = ['up_loss', 'down_loss', 'rtt_ms', 'gone_s', 'age_ms', 'free_percent', 'score', 'device'] as const
export function figuresOf(a: BoardAlert): { key: (typeof FIGURES)[number]; value: string }[] {
  return FIGURES.flatMap((key) => {
    const v = a.figures[key]
    if (v === undefined || v === null) return []
    const value = key.endsWith('loss') && typeof v === 'number' ? `${(v / 10).toFixed(1)}%` : key === 'rtt_ms' || key === 'age_ms' ? `${v} ms` : key === 'gone_s' ? `${v} s` : key === 'free_percent' ? `${v}%` : String(v)
    return [{ key, value }]
  })
}
