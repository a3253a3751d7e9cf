import { fileURLToPath } from 'node:url'
import tailwind from '@tailwindcss/postcss'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'
import { unwrapLayers, woff2Only } from './build/postcss-old-phones.ts'
import { precompress } from './build/precompress.ts'

const api = process.env.LIANTING_API ?? 'http://127.0.0.1:8080'
const port = Number(process.env.PORT ?? 5173)

export default defineConfig({
  plugins: [vue(), precompress()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  css: { postcss: { plugins: [tailwind(), unwrapLayers(), woff2Only()] } },
  define: {
    __VUE_I18N_FULL_INSTALL__: 'false',
    __VUE_I18N_LEGACY_API__: 'false',
    __INTLIFY_PROD_DEVTOOLS__: 'false',
    __VUE_OPTIONS_API__: 'true',
    __VUE_PROD_DEVTOOLS__: 'false',
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
  },
  server: { port, strictPort: true, watch: { ignored: ['**/screens/**'] }, proxy: { '/api': { target: api, changeOrigin: false }, '/docs': { target: api, changeOrigin: false } } },
  preview: { port, strictPort: true, proxy: { '/api': { target: api, changeOrigin: false }, '/docs': { target: api, changeOrigin: false } } },
  build: {
    outDir: 'dist',
    target: ['chrome87', 'safari14', 'firefox91'],
    // Inline data: URLs would need a wider Content-Security-Policy.
    assetsInlineLimit: 0,
  },
})
