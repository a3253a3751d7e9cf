import { describe, expect, it } from 'vitest'
import { curlExample, hostOf, hookUrlFault, keyOf, mayAgain, someWait } from '@/software/software'

describe('an address to be told', () => {
  it('is whole and goes by https', () => {
    expect(hookUrlFault('  ')).toBe('missing')
    expect(hookUrlFault('hooks.example.com')).toBe('no_address')
    expect(hookUrlFault('ftp://hooks.example.com')).toBe('no_address')
    expect(hookUrlFault('https://localhost/x')).toBe('no_address')
    expect(hookUrlFault('http://hooks.example.com/x')).toBe('not_https')
    expect(hookUrlFault(' https://hooks.example.com/x?y=1 ')).toBeNull()
  })
  it('is told by its host', () => {
    expect(hostOf('https://hooks.example.com:8443/x')).toBe('hooks.example.com:8443')
    expect(hostOf('nothing')).toBe('nothing')
  })
})

describe('the example', () => {
  it('asks for what the program may ask', () => {
    expect(curlExample('https://court.example', 'lt_1', 's', ['cases.read'])).toContain('/api/my/cases')
    expect(curlExample('https://court.example', 'lt_1', 's', ['inbox.read', 'cases.read'])).toContain('/api/my/inbox')
    expect(curlExample('https://court.example', 'lt_1', 's', ['filings.write', 'filings.read'])).toContain('/api/my/filings')
  })
  it('quotes a secret for the shell', () => {
    expect(curlExample('https://court.example', 'lt_1', "a'b$c", ['cases.read'])).toContain(`client_secret='a'\\''b$c'`)
  })
})

it('deliveries under way are asked after, and not sent twice', () => {
  expect(someWait([{ state: 'delivered' }, { state: 'waiting' }])).toBe(true)
  expect(someWait([{ state: 'failed' }])).toBe(false)
  expect(mayAgain({ state: 'waiting' })).toBe(false)
  expect(mayAgain({ state: 'failed' })).toBe(true)
  expect(keyOf('service.announced')).toBe('service_announced')
})
