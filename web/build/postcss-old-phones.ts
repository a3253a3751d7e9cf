import type { Plugin } from 'postcss'

/**
 * Old WebViews (Chrome < 99, Safari < 15.4) drop every rule inside @layer, which
 * would leave the page without any style. Our sheets are written in cascade
 * order already, so unwrapping the layers keeps their meaning.
 */
export function unwrapLayers(): Plugin {
  return {
    postcssPlugin: 'lianting-unwrap-layers',
    OnceExit(root) {
      root.walkAtRules('layer', (rule) => {
        if (rule.nodes) rule.replaceWith(rule.nodes)
        else rule.remove()
      })
    },
  }
}

/** Every browser we support reads woff2; the woff copies would only swell the binary. */
export function woff2Only(): Plugin {
  return {
    postcssPlugin: 'lianting-woff2-only',
    Declaration: {
      src(decl) {
        const kept = decl.value.split(/,\s*(?=url\()/).filter((part) => !/format\(['"]woff['"]\)/.test(part))
        const value = kept.join(', ')
        if (value !== decl.value) decl.value = value
      },
    },
  }
}
