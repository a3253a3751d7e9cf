import { describe, expect, it } from 'vitest'
import { EchoShut, echo, echoed, onlyWay, type EchoDeps, type EchoFigures, type EchoSocket } from '@/hearing/before/echo'

const SDP = ['v=0', 'a=candidate:1 1 udp 2130706431 10.0.0.1 3478 typ host', 'a=candidate:2 1 tcp 1671430143 10.0.0.1 3478 typ host tcptype passive', 'a=end-of-candidates'].join('\r\n')
const second = (more: { up?: object; down?: object } = {}): EchoFigures => ({ up: { connected: true, loss: 10, ...more.up }, down: { connected: true, loss: 4, rtt_ms: 30, ...more.down } })

describe('the echo room', () => {
  it('offers one way at a time', () => {
    expect(onlyWay(SDP, 'udp')).not.toMatch(/ tcp /)
    expect(onlyWay(SDP, 'tcp')).not.toMatch(/ udp /)
    expect(onlyWay(SDP, 'relay')).toBe(SDP)
  })
  it('counts the worse direction, without the seconds that settle', () => {
    expect(echoed('udp', [second({ up: { loss: 900 } }), second({ up: { loss: 900 } }), second(), second({ down: { loss: 30, rtt_ms: 50 } }), second()])).toEqual({ way: 'udp', loss: 17, rtt_ms: 30 })
    expect(echoed('tcp', [])).toEqual({ way: 'tcp', loss: 0, rtt_ms: 0 })
  })
  /** A server that lets through what `open` says; the peers are silent. */
  function deps(open: string[], urls: string[] = []): { deps: EchoDeps; made: { n: number } } {
    const made = { n: 0 }
    const peer = { oniceconnectionstatechange: null, close: () => undefined, createOffer: () => Promise.resolve({ type: 'offer', sdp: 'v=0' }), setLocalDescription: () => Promise.resolve(), setRemoteDescription: () => Promise.resolve(), localDescription: { sdp: 'v=0' } }
    return {
      made,
      deps: {
        tracks: () => [], wait: () => new Promise((r) => setTimeout(r, 0)), peer: () => peer as unknown as RTCPeerConnection,
        socket: () => {
          const way = ['udp', 'tcp', 'relay'][made.n++] ?? ''
          const s: EchoSocket = {
            onmessage: null, onclose: null, onerror: null, close: () => undefined,
            send: (text) => {
              if ((JSON.parse(text) as { type: string }).type === 'publish' && open.includes(way)) for (let i = 0; i < 6; i++) s.onmessage?.({ data: JSON.stringify({ type: 'figures', ...second() }) })
            },
          }
          queueMicrotask(() => (open.length ? s.onmessage?.({ data: JSON.stringify({ type: 'hello', ice: { urls } }) }) : s.onclose?.()))
          return s
        },
      },
    }
  }
  it('finds the best way that carries, tries the relay only where there is one, and says when there is no echo room', async () => {
    expect((await echo(deps(['udp']).deps, () => undefined)).way).toBe('udp')
    expect((await echo(deps(['tcp']).deps, () => undefined)).way).toBe('tcp')
    expect((await echo(deps(['relay'], ['turn:x']).deps, () => undefined)).way).toBe('relay')
    const none = deps(['nothing'])
    expect(await echo(none.deps, () => undefined)).toEqual({ way: 'none', loss: 1000, rtt_ms: 0 })
    expect(none.made.n).toBe(2)
    await expect(echo(deps([]).deps, () => undefined)).rejects.toThrow(EchoShut)
  })
})
