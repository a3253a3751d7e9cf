import qrcode from 'qrcode-generator'

/** The modules as one path: no data: image, so a strict content policy holds. Four modules of margin are in `size`. */
export function qrPath(text: string): { size: number; path: string } {
  const code = qrcode(0, 'M')
  code.addData(text)
  code.make()
  const n = code.getModuleCount()
  let path = ''
  for (let y = 0; y < n; y++) for (let x = 0; x < n; x++) if (code.isDark(y, x)) path += `M${x + 4} ${y + 4}h1v1h-1z`
  return { size: n + 8, path }
}
