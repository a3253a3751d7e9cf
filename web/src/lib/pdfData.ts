/**
 * What pdf.js needs for papers that do not bring it themselves: the code tables of Chinese encodings (a PDF whose
 * fonts are not embedded is unreadable without), the fourteen standard fonts, decoders of JBIG2 and JPEG 2000 scans.
 * Each is an own file, fetched only when a paper asks for it.
 */
const cmaps = import.meta.glob<string>(
  ['/node_modules/pdfjs-dist/cmaps/*GB*.bcmap', '/node_modules/pdfjs-dist/cmaps/*CNS*.bcmap', '/node_modules/pdfjs-dist/cmaps/*B5*.bcmap', '/node_modules/pdfjs-dist/cmaps/HKscs*.bcmap',
    '/node_modules/pdfjs-dist/cmaps/Adobe-*-UCS2.bcmap', '/node_modules/pdfjs-dist/cmaps/Uni*-UTF16-*.bcmap', '/node_modules/pdfjs-dist/cmaps/{H,V}.bcmap'],
  { query: '?url', import: 'default', eager: true },
)
const fonts = import.meta.glob<string>('/node_modules/pdfjs-dist/standard_fonts/*.{pfb,ttf}', { query: '?url', import: 'default', eager: true })
const wasms = import.meta.glob<string>(['/node_modules/pdfjs-dist/wasm/*.wasm', '/node_modules/pdfjs-dist/wasm/*.js'], { query: '?url', import: 'default', eager: true })

async function bytes(url: string | undefined, name: string): Promise<Uint8Array> {
  if (!url) throw new Error(`not carried: ${name}`)
  const res = await fetch(url)
  if (!res.ok) throw new Error(`${name}: ${res.status}`)
  return new Uint8Array(await res.arrayBuffer())
}
class CMaps {
  async fetch({ name }: { name: string }) {
    return { cMapData: await bytes(cmaps[`/node_modules/pdfjs-dist/cmaps/${name}.bcmap`], name), isCompressed: true }
  }
}
class Fonts {
  fetch({ filename }: { filename: string }) {
    return bytes(fonts[`/node_modules/pdfjs-dist/standard_fonts/${filename}`], filename)
  }
}
class Wasms {
  fetch({ filename }: { filename: string }) {
    return bytes(wasms[`/node_modules/pdfjs-dist/wasm/${filename}`], filename)
  }
}
/** For getDocument(): everything comes through us, nothing by an address the worker makes up. */
export const PDF_DATA = { CMapReaderFactory: CMaps, StandardFontDataFactory: Fonts, WasmFactory: Wasms, useWorkerFetch: false, useSystemFonts: true } as const
