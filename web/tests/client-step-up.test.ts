import { afterEach, describe, expect, it, vi } from 'vitest'
import { call, whenSessionLost, whenStepUpNeeded } from '@/api/client'

const refusal = (code: string, status: number) => new Response(JSON.stringify({ code, status }), { status, headers: { 'Content-Type': 'application/problem+json' } })
const stepUp = () => refusal('session.step_up_needed', 403)
const answers = (...list: Response[]) => {
  const fetch = vi.fn((_url: string, _init: RequestInit) => Promise.resolve(list.shift() ?? new Response('{"ok":true}')))
  vi.stubGlobal('fetch', fetch)
  return fetch
}
afterEach(() => {
  vi.unstubAllGlobals()
  whenStepUpNeeded(() => Promise.resolve(false))
  whenSessionLost(() => Promise.resolve(false))
})

describe('a grave act asks who sits there', () => {
  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const)('%s goes on by itself once confirmed, the same call with the same key', async (method) => {
    const ask = vi.fn(() => Promise.resolve(true))
    whenStepUpNeeded(ask)
    const fetch = answers(stepUp())
    const key = '00000000-0000-4000-8000-000000000001'
    expect(await call(method, '/x', { key, ...(method === 'GET' ? {} : { body: { a: 1 } }) })).toEqual({ ok: true })
    expect(ask).toHaveBeenCalledTimes(1)
    expect(fetch).toHaveBeenCalledTimes(2)
    const [first, second] = fetch.mock.calls
    expect(second?.[0]).toBe(first?.[0])
    expect(second?.[1].body).toBe(first?.[1].body)
    expect(new Headers(second?.[1].headers).get('Idempotency-Key')).toBe(key)
  })
  it('a creation without a key too: the refusal came before anything was done', async () => {
    whenStepUpNeeded(() => Promise.resolve(true))
    const fetch = answers(stepUp())
    expect(await call('POST', '/x', { body: {} })).toEqual({ ok: true })
    expect(fetch).toHaveBeenCalledTimes(2)
  })
  it('whoever closes the dialog is told so, and nothing is sent', async () => {
    const fetch = answers(stepUp())
    await expect(call('PUT', '/x', { body: {} })).rejects.toMatchObject({ code: 'local.not_confirmed', isTransient: false })
    expect(fetch).toHaveBeenCalledTimes(1)
  })
  it('asks once a call: a server that is not content is shown', async () => {
    const ask = vi.fn(() => Promise.resolve(true))
    whenStepUpNeeded(ask)
    const fetch = answers(stepUp(), stepUp(), stepUp())
    await expect(call('PUT', '/x', { body: {} })).rejects.toMatchObject({ code: 'session.step_up_needed' })
    expect(ask).toHaveBeenCalledTimes(1)
    expect(fetch).toHaveBeenCalledTimes(2)
  })
  it('never for another refusal', async () => {
    const ask = vi.fn(() => Promise.resolve(true))
    whenStepUpNeeded(ask)
    answers(refusal('policy.forbidden', 403))
    await expect(call('PUT', '/x', { body: {} })).rejects.toMatchObject({ code: 'policy.forbidden' })
    expect(ask).not.toHaveBeenCalled()
  })
  it('a session that ends meanwhile is still asked for', async () => {
    whenStepUpNeeded(() => Promise.resolve(true))
    const lost = vi.fn(() => Promise.resolve(true))
    whenSessionLost(lost)
    const fetch = answers(stepUp(), refusal('session.lost', 401))
    expect(await call('PUT', '/x', { body: {} })).toEqual({ ok: true })
    expect(lost).toHaveBeenCalledTimes(1)
    expect(fetch).toHaveBeenCalledTimes(3)
  })
})
