// A separate chunk: most readers never need it.
const files = import.meta.glob<Record<string, unknown>>('./en/*.json', { eager: true, import: 'default' })
export default Object.fromEntries(Object.entries(files).map(([p, m]) => [p.slice('./en/'.length, -'.json'.length), m]))
