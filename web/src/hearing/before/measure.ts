import type { HearingMeasured, HearingTestReport, Score, TestItem, TestLine } from './types'

/** 庭前检测: from raw samples to the figures the court scores, and from its report to the rows of the page. Pure. */

/** Mean brightness of RGBA pixels, 0 to 255. */
export function brightnessOf(pixels: ArrayLike<number>): number {
  let sum = 0
  const n = Math.floor(pixels.length / 4)
  for (let i = 0; i < n; i++) sum += 0.2126 * (pixels[i * 4] ?? 0) + 0.7152 * (pixels[i * 4 + 1] ?? 0) + 0.0722 * (pixels[i * 4 + 2] ?? 0)
  return n ? Math.round(sum / n) : 0
}
/** Decibels below full scale of one frame; silence is -100. */
export function levelOf(samples: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < samples.length; i++) sum += (samples[i] ?? 0) ** 2
  const rms = Math.sqrt(sum / Math.max(1, samples.length))
  return rms > 0 ? Math.max(-100, Math.round(20 * Math.log10(rms))) : -100
}
/** Loudest of what was said, and what lies between the words: the quietest fifth. */
export function voiceOf(levels: number[]): { peak: number; noise: number } {
  if (!levels.length) return { peak: -100, noise: -100 }
  const sorted = [...levels].sort((a, b) => a - b)
  return { peak: sorted.at(-1) ?? -100, noise: sorted[Math.floor(sorted.length / 5)] ?? -100 }
}
export const kbps = (bytes: number, ms: number): number => (ms > 0 ? Math.round((bytes * 8) / ms) : 0)
export const median = (values: number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
/** Tenths of a percent. */
export const lossOf = (sent: number, lost: number): number => (sent > 0 ? Math.round((lost / sent) * 1000) : 0)
/** 0 to 1, for the bars of the voice: -60 dB and below is nothing, -6 dB is full. */
export const heightOf = (level: number): number => Math.min(1, Math.max(0, (level + 60) / 54))

export const ITEMS: TestItem[] = ['camera', 'microphone', 'speaker', 'network', 'rehearsal']
export interface Row {
  item: TestItem
  score?: Score
  text: string
  text_en: string
}
/**
 * The rows of the page: the court's words where it has scored, else an empty row. The browser is a row only when it is
 * at fault; the rehearsal is offered to whoever may show evidence and holds nobody up.
 */
export function rowsOf(report: HearingTestReport | undefined, may: { show: boolean; rehearse: boolean }): Row[] {
  const said = new Map((report?.items ?? []).map((x) => [x.item, x]))
  const row = (item: TestItem): Row => {
    const line: TestLine | undefined = said.get(item)
    return { item, score: line?.score, text: line?.score ? line.text : '', text_en: line?.score ? line.text_en : '' }
  }
  const items = ITEMS.filter((i) => (i === 'rehearsal' ? may.rehearse : i === 'camera' || i === 'microphone' ? may.show : true))
  return [...(said.get('browser')?.score === 'poor' ? [row('browser')] : []), ...items.map(row)]
}
/** Advice and figures of one sentence, told apart: 「有点慢…（上传 0.9 兆/秒（需 1.2），丢包 4.0%）」. */
export function partsOf(text: string): { advice: string; figures: string } {
  const found = /^(.*?)\s?[（(]((?:上传|Up ).*)[)）]$/.exec(text)
  return { advice: found?.[1] ?? text, figures: found?.[2] ?? '' }
}
/** The first item that still waits. */
export const nextOf = (rows: Row[]): TestItem | undefined => rows.find((r) => !r.score)?.item
export const doneOf = (rows: Row[]): number => rows.filter((r) => r.score).length
/** The worst of what must be tested; the rehearsal alone never spoils it. */
export function worstOf(rows: Row[]): Score | undefined {
  const must = rows.filter((r) => r.item !== 'rehearsal')
  if (must.some((r) => !r.score)) return undefined
  return must.some((r) => r.score === 'poor') ? 'poor' : must.some((r) => r.score === 'fair') ? 'fair' : 'good'
}
/** Only what was measured goes to the court: an item left out is one not tested. */
export function sendable(m: HearingMeasured): HearingMeasured {
  return Object.fromEntries(Object.entries(m).filter(([, v]) => v !== undefined)) as HearingMeasured
}
