import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { call } from '@/api/client'

const race = () => new Response(JSON.stringify({ code: 'race.try_again', status: 409 }), { status: 409, headers: { 'Content-Type': 'application/problem+json', 'Retry-After': '1' } })
const answers = (...list: Response[]) => {
  const fetch = vi.fn(() => Promise.resolve(list.shift() ?? new Response('{"ok":true}')))
  vi.stubGlobal('fetch', fetch)
  return fetch
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('somebody else was quicker by a moment', () => {
  it.each([
    ['a key', 'POST', { key: '00000000-0000-4000-8000-000000000001', body: {} }],
    ['a version', 'PATCH', { ifMatch: 3, body: {} }],
    ['PUT', 'PUT', { body: {} }],
    ['DELETE', 'DELETE', {}],
    ['GET', 'GET', {}],
  ] as const)('with %s the same call is made again after the second the server names', async (_name, method, options) => {
    const fetch = answers(race())
    const got = call(method, '/x', options)
    await vi.advanceTimersByTimeAsync(900)
    expect(fetch).toHaveBeenCalledTimes(1)
    await vi.advanceTimersByTimeAsync(200)
    expect(await got).toEqual({ ok: true })
    expect(fetch).toHaveBeenCalledTimes(2)
  })
  it('once only: the second refusal is shown', async () => {
    const fetch = answers(race(), race(), race())
    const got = expect(call('PUT', '/x', { body: {} })).rejects.toMatchObject({ code: 'race.try_again' })
    await vi.advanceTimersByTimeAsync(5000)
    await got
    expect(fetch).toHaveBeenCalledTimes(2)
  })
  it('never for a creation without a key', async () => {
    const fetch = answers(race())
    await expect(call('POST', '/x', { body: {} })).rejects.toMatchObject({ status: 409 })
    expect(fetch).toHaveBeenCalledTimes(1)
  })
  it('never for another conflict', async () => {
    const fetch = answers(new Response(JSON.stringify({ code: 'filing.version', status: 409 }), { status: 409 }))
    await expect(call('PUT', '/x', { body: {} })).rejects.toMatchObject({ code: 'filing.version' })
    expect(fetch).toHaveBeenCalledTimes(1)
  })
})
