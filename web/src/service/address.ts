/** What a party confirms about service: pure checks of the form. */
export interface AddressForm {
  agrees: boolean | null
  inbox: boolean
  sms: string
  email: string
  platform: string
  chat: string
  receiver: string
  phone: string
  address: string
  understood: boolean
}
export type AddressFault = 'agrees' | 'channel' | 'sms' | 'email' | 'platform' | 'chat' | 'receiver' | 'phone' | 'address' | 'understood'

/** What is still open, in the order of the form. The postal address is asked of everybody: some papers go only on paper. */
export function addressFaults(f: AddressForm): AddressFault[] {
  const open: AddressFault[] = []
  if (f.agrees === null) open.push('agrees')
  if (f.agrees) {
    if (!f.inbox && ![f.sms, f.email, f.platform, f.chat].some((a) => a.trim())) open.push('channel')
    if (f.sms.trim() && !/^1[3-9]\d{9}$/.test(f.sms.trim())) open.push('sms')
    if (f.email.trim() && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(f.email.trim())) open.push('email')
    if (notAnAccount(f.platform)) open.push('platform')
    if (notAnAccount(f.chat)) open.push('chat')
  }
  if (!f.receiver.trim()) open.push('receiver')
  if (!f.phone.trim()) open.push('phone')
  if (f.address.trim().length < 4) open.push('address')
  if (!f.understood) open.push('understood')
  return open
}

/** An account is one word of at least two signs. */
function notAnAccount(typed: string): boolean {
  const account = typed.trim()
  return account !== '' && (account.length < 2 || /\s/.test(account))
}
