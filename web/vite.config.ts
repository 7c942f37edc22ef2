import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { VitePWA } from 'vite-plugin-pwa'

const backEnd = process.env.RECON378_BACK_END ?? 'http://127.0.0.1:3780'

export default defineConfig({
  plugins: [
    react(),
    tailwindcss(),
    VitePWA({
      registerType: 'autoUpdate',
      injectRegister: false,
      includeAssets: ['icon.svg', 'theme.js', 'apple-touch-icon.png'],
      manifest: {
        name: '378 Reconciliation',
        short_name: '378',
        description: 'Finds what agrees between two files, what does not, and why.',
        start_url: '/',
        display: 'standalone',
        background_color: '#f6f7f8',
        theme_color: '#f6f7f8',
        icons: [
          { src: '/icon.svg', sizes: 'any', type: 'image/svg+xml', purpose: 'any' },
          { src: '/icon-192.png', sizes: '192x192', type: 'image/png' },
          { src: '/icon-512.png', sizes: '512x512', type: 'image/png' },
          { src: '/icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
        ],
      },
      workbox: {
        // The shell only: what the server knows is never answered from the cache.
        globPatterns: ['**/*.{js,css,html,svg,woff2}'],
        navigateFallback: '/index.html',
        navigateFallbackDenylist: [/^\/api\//, /^\/healthz/, /^\/readyz/, /^\/metrics/, /^\/docs/],
        cleanupOutdatedCaches: true,
      },
    }),
  ],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    outDir: '../src/recon378/static',
    emptyOutDir: true,
    target: 'es2022',
    rolldownOptions: {
      output: {
        // What changes only with the lock file stays in the browser's cache over releases. What the first paint needs comes as
        // one; so do the small parts that several pages share, after it.
        codeSplitting: {
          groups: [
            { name: 'vendor', test: /node_modules/, tags: ['$initial'], priority: 4 },
            { name: 'start', test: /src[\\/]/, tags: ['$initial'], priority: 3 },
            { name: 'shared', test: /src[\\/]((components|api|state)[\\/](?!DataTable)|lib[\\/](?!useKeysetRows))/, minShareCount: 3, priority: 2 },
            { name: 'shared', test: /node_modules[\\/](lucide-react|@tanstack[\\/](react-query|query-core))[\\/]/, minShareCount: 2, priority: 2 },
            { name: 'table', test: /@tanstack[\\/](react-virtual|virtual-core)|DataTable|useKeysetRows/, priority: 1 },
          ],
        },
      },
    },
  },
  server: {
    port: 5178,
    proxy: { '/api': { target: backEnd, ws: true, changeOrigin: false } },
  },
})
