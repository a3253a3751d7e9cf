import { ApiProblem, localProblem } from './problem'
import type { Json, Problem, Uuid } from './types'

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
export type Query = Record<string, string | number | boolean | null | undefined>

export interface CallOptions {
  query?: Query
  body?: unknown
  /** raw octet-stream body, for upload parts */
  raw?: Blob
  ifMatch?: number
  /** creating calls: one key per intention, kept by the caller across retries (newKey()) */
  key?: Uuid
  signal?: AbortSignal
  /** a 401 here is an answer to show, not a lost session */
  ownsSignIn?: boolean
}

/** Set by the session: asks the person to sign in again over the page; resolves true when done. */
let onSessionLost: () => Promise<boolean> = () => Promise.resolve(false)
export function whenSessionLost(ask: () => Promise<boolean>): void {
  onSessionLost = ask
}

/** Set by the session: asks who sits there before a grave act; resolves true when confirmed. */
let onStepUpNeeded: () => Promise<boolean> = () => Promise.resolve(false)
export function whenStepUpNeeded(ask: () => Promise<boolean>): void {
  onStepUpNeeded = ask
}

export const API = '/api'

export function newKey(): Uuid {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID()
  // Old WebViews, and pages opened over plain http on an intranet, have no randomUUID.
  const b = crypto.getRandomValues(new Uint8Array(16))
  b[6] = ((b[6] ?? 0) & 0x0f) | 0x40
  b[8] = ((b[8] ?? 0) & 0x3f) | 0x80
  const h = [...b].map((x) => x.toString(16).padStart(2, '0')).join('')
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-${h.slice(12, 16)}-${h.slice(16, 20)}-${h.slice(20)}`
}

export function url(path: string, query?: Query): string {
  const q = new URLSearchParams()
  for (const [k, v] of Object.entries(query ?? {})) if (v !== null && v !== undefined && v !== '') q.set(k, String(v))
  const s = q.toString()
  return API + path + (s ? `?${s}` : '')
}

/** Waits before the 2nd and 3rd try of a call that is safe to repeat. */
const PAUSES_MS = [600, 2000]

/**
 * Somebody else held the same thing at that moment: the server says after how many seconds the same call decides.
 * Made again once, and only where a second call does no more than the first: reading, replacing and removing do not,
 * a key gives the first answer again, and a version that has passed is refused.
 */
export function raceWait(method: Method, o: Pick<CallOptions, 'key' | 'ifMatch'>, error: ApiProblem): number | null {
  if (error.status !== 409 || error.code !== 'race.try_again') return null
  const same = method === 'GET' || method === 'PUT' || method === 'DELETE' || o.key !== undefined || o.ifMatch !== undefined
  return same ? Math.min(error.retryAfter ?? 1, 5) * 1000 : null
}

export async function call<T>(method: Method, path: string, options: CallOptions = {}): Promise<T> {
  // With an idempotency key the server answers a repeated creation with the first answer.
  const repeatable = method === 'GET' || method === 'PUT' || options.key !== undefined
  let raced = false
  let confirmed = false
  for (let attempt = 0; ; attempt++) {
    try {
      return await once<T>(method, path, options)
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error
      if (error.status === 401 && !options.ownsSignIn && attempt === 0) {
        if (await onSessionLost()) continue
        throw error
      }
      if (error.code === 'session.step_up_needed' && !confirmed) {
        // nothing was done yet: the same call goes on once the person has shown a code
        confirmed = true
        // whoever says no has not been refused by the court
        if (!(await onStepUpNeeded())) throw localProblem('local.not_confirmed')
        attempt--
        continue
      }
      const wait = raced ? null : raceWait(method, options, error)
      if (wait !== null) {
        raced = true
        attempt-- // a race is no lost network
        await new Promise((r) => setTimeout(r, wait))
        continue
      }
      const pause = PAUSES_MS[attempt]
      if (!repeatable || !error.isTransient || pause === undefined) throw error
      await new Promise((r) => setTimeout(r, pause))
    }
  }
}

/** A file as it is, byte for byte: for what is checked in the browser. */
export async function bytes(path: string): Promise<ArrayBuffer> {
  let res: Response
  try {
    res = await fetch(url(path), { credentials: 'same-origin' })
  } catch {
    throw localProblem(navigator.onLine ? 'local.unreachable' : 'local.offline')
  }
  if (!res.ok) throw await readProblem(res)
  return res.arrayBuffer()
}

/** What is sent while the page goes away must outlive it; browsers allow that for small bodies only. */
let leaving = false
if (typeof window !== 'undefined') {
  window.addEventListener('pagehide', () => (leaving = true))
  window.addEventListener('pageshow', () => (leaving = false))
}

async function once<T>(method: Method, path: string, o: CallOptions): Promise<T> {
  const headers = new Headers({ Accept: 'application/json, application/problem+json' })
  if (method !== 'GET') headers.set('X-Lianting', '1')
  if (o.key) headers.set('Idempotency-Key', o.key)
  if (o.ifMatch !== undefined) headers.set('If-Match', `"${o.ifMatch}"`)
  let body: BodyInit | undefined
  if (o.raw) {
    headers.set('Content-Type', 'application/octet-stream')
    body = o.raw
  } else if (o.body !== undefined) {
    headers.set('Content-Type', method === 'PATCH' ? 'application/merge-patch+json' : 'application/json')
    body = JSON.stringify(o.body)
  }
  let res: Response
  try {
    res = await fetch(url(path, o.query), { method, headers, body, signal: o.signal, credentials: 'same-origin', keepalive: leaving && !o.raw })
  } catch {
    if (o.signal?.aborted) throw localProblem('local.aborted')
    throw localProblem(navigator.onLine ? 'local.unreachable' : 'local.offline')
  }
  if (!res.ok) throw await readProblem(res)
  if (res.status === 204 || res.headers.get('Content-Length') === '0') return undefined as T
  const text = await res.text()
  if (!text) return undefined as T
  try {
    return JSON.parse(text) as T
  } catch {
    throw localProblem('local.bad_answer', res.headers.get('X-Request-Id') ?? '')
  }
}

async function readProblem(res: Response): Promise<ApiProblem> {
  const requestId = res.headers.get('X-Request-Id') ?? ''
  const retryAfter = Number(res.headers.get('Retry-After')) || null
  let body: Json = null
  try {
    body = (await res.json()) as Json
  } catch {
    // a proxy answered with its own page
  }
  if (body && typeof body === 'object' && !Array.isArray(body) && typeof body.code === 'string') {
    const given = body as unknown as Problem
    return new ApiProblem({ ...given, status: res.status, request_id: given.request_id || requestId }, retryAfter)
  }
  const local = localProblem(res.status >= 500 ? 'local.unreachable' : 'local.bad_answer', requestId)
  return new ApiProblem({ ...local.problem, status: res.status }, retryAfter)
}
