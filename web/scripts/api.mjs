// The court's API document → src/api/openapi.json (kept) and src/api/schema.d.ts (its types).
//   npm run api                        from the kept document
//   npm run api -- http://…:8080       asks a running server first
//   npm run api -- path/openapi.json   takes a file (`lianting openapi > …`)
import { readFileSync, writeFileSync } from 'node:fs'
import openapiTS, { astToString } from 'openapi-typescript'

const here = (p) => new URL(`../src/api/${p}`, import.meta.url)
const from = process.argv[2]
const text = !from
  ? readFileSync(here('openapi.json'), 'utf8')
  : /^https?:/.test(from)
    ? await (await fetch(new URL('/api/openapi.json', from))).text()
    : readFileSync(from, 'utf8')
const doc = JSON.parse(text)
delete doc.servers
writeFileSync(here('openapi.json'), JSON.stringify(doc, null, 2) + '\n')
// Only the shapes: the calls are written once, by hand, in src/api/index.ts, and a test holds them against the document.
const ast = await openapiTS({ ...doc, paths: {} })
writeFileSync(here('schema.d.ts'), `// Made by npm run api from openapi.json. Not for editing.\n${astToString(ast)}`)
console.log(`${Object.keys(doc.paths).length} paths, ${Object.keys(doc.components.schemas).length} shapes`)
