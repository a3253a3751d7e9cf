/** Words a person recognises a device by; brand names are the same in both languages. */
const SYSTEMS: [RegExp, string][] = [
  [/HarmonyOS|OpenHarmony/i, 'HarmonyOS'], [/iPhone/i, 'iPhone'], [/iPad/i, 'iPad'], [/Android/i, 'Android'],
  [/Windows/i, 'Windows'], [/Mac OS X|Macintosh/i, 'Mac'], [/UOS|Kylin/i, 'Kylin'], [/Linux/i, 'Linux'],
]
const APPS: [RegExp, string][] = [
  [/MicroMessenger/i, 'WeChat'], [/AlipayClient/i, 'Alipay'], [/Edg\//i, 'Edge'], [/QQBrowser/i, 'QQ'],
  [/Firefox\//i, 'Firefox'], [/Chrome\//i, 'Chrome'], [/Safari\//i, 'Safari'],
]
const find = (table: [RegExp, string][], agent: string) => table.find(([re]) => re.test(agent))?.[1] ?? ''
export function deviceWords(agent: string): { system: string; app: string } {
  return { system: find(SYSTEMS, agent), app: find(APPS, agent) }
}
