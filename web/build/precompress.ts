import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Plugin } from 'vite'

const br = promisify(brotliCompress)
const gz = promisify(gzip)
const COMPRESSIBLE = /\.(js|mjs|css|html|svg|json|txt|bcmap|wasm)$/
/** Below this size the headers cost more than compression saves. */
const WORTH_IT = 1024

/** Writes .br and .gz beside each text asset; the server only negotiates, it never compresses. */
export function precompress(): Plugin {
  let outDir = ''
  return {
    name: 'lianting-precompress',
    apply: 'build',
    configResolved(config) {
      outDir = config.build.outDir
    },
    async closeBundle() {
      const names = await readdir(outDir, { recursive: true })
      for (const name of names.filter((n) => COMPRESSIBLE.test(n))) {
        const path = join(outDir, name)
        const body = await readFile(path)
        if (body.length < WORTH_IT) continue
        await writeFile(`${path}.br`, await br(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }))
        await writeFile(`${path}.gz`, await gz(body, { level: 9 }))
      }
    },
  }
}
