import type { ApiScope, HookDelivery, HookTopic } from '@/api'

/** Programs of one's own at the court's interface: pure words, checks and examples; no calls. */
export const SCOPES: readonly ApiScope[] = ['cases.read', 'inbox.read', 'filings.read', 'filings.write']
export const TOPICS: readonly HookTopic[] = ['service.announced', 'service.effect', 'case.act', 'filing.act']
export const NAME_MOST = 60
/** A key of an i18n message has no dots of its own. */
export const keyOf = (word: string): string => word.replace('.', '_')

/** Why an address cannot be called, before the server looks at where it leads. */
export function hookUrlFault(text: string): 'missing' | 'no_address' | 'not_https' | null {
  const typed = text.trim()
  if (!typed) return 'missing'
  let to: URL
  try {
    to = new URL(typed)
  } catch {
    return 'no_address'
  }
  if (!/^https?:$/.test(to.protocol) || !to.hostname.includes('.')) return 'no_address'
  return to.protocol === 'https:' ? null : 'not_https'
}

/** In single quotes for a shell: a quote inside ends, escapes itself and begins again. */
const quoted = (text: string): string => `'${text.replace(/'/g, `'\\''`)}'`

/** Changes the secret for a token of an hour, then asks for the cases. */
export function curlExample(origin: string, id: string, secret: string, scopes: readonly ApiScope[]): string {
  const asks = scopes.includes('inbox.read') ? '/api/my/inbox' : scopes.includes('filings.read') && !scopes.includes('cases.read') ? '/api/my/filings' : '/api/my/cases'
  return [
    `curl -s ${quoted(`${origin}/api/oauth/token`)} \\`,
    '  -d grant_type=client_credentials \\',
    `  -d client_id=${quoted(id)} \\`,
    `  --data-urlencode client_secret=${quoted(secret)}`,
    '',
    `curl -s ${quoted(`${origin}${asks}`)} \\`,
    '  -H "Authorization: Bearer $ACCESS_TOKEN"',
  ].join('\n')
}

/** The check a receiver makes, in a language most can read; by the scheme of Standard Webhooks. */
export const CHECK_EXAMPLE = `import base64, hashlib, hmac, time

def genuine(headers, body: bytes, secret: str) -> bool:
    ident, sent = headers["webhook-id"], headers["webhook-timestamp"]
    if abs(time.time() - int(sent)) > 300:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    text = f"{ident}.{sent}.".encode() + body
    mine = base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
    return any(hmac.compare_digest("v1," + mine, one)
               for one in headers["webhook-signature"].split())`

export const toneOf = (d: Pick<HookDelivery, 'state'>): 'ok' | 'bad' | 'info' => (d.state === 'delivered' ? 'ok' : d.state === 'failed' ? 'bad' : 'info')
/** While something is on its way the list is asked again by itself. */
export const someWait = (items: readonly Pick<HookDelivery, 'state'>[]): boolean => items.some((d) => d.state === 'waiting')
/** What has not arrived may be sent again; what is under way goes by itself. */
export const mayAgain = (d: Pick<HookDelivery, 'state'>): boolean => d.state !== 'waiting'
/** The host stands first: the rest of an address is often long and says little. */
export function hostOf(address: string): string {
  try {
    return new URL(address).host
  } catch {
    return address
  }
}
