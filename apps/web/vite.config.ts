import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';

const lib = (name: string) => fileURLToPath(new URL(`../../libs/${name}/src/index.ts`, import.meta.url));
// `npm run dev` at the root configures the proxy itself; this is for a client before a remote instance.
const api = process.env['PARLEY_API'];

export default defineConfig({
  plugins: [vue()],
  resolve: { alias: { '#contracts': lib('contracts'), '#client': lib('client') } },
  define: { __VUE_OPTIONS_API__: 'false', __VUE_PROD_DEVTOOLS__: 'false' },
  build: {
    // The policy is `default-src 'self'`: nothing may become a data: URI or an inline script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2023',
    // Of the contracts a browser needs the pure rules only. Without this their schemas come along, and zod
    // with them: two thirds of the bundle, and a `new Function` that the policy refuses.
    rolldownOptions: {
      treeshake: { moduleSideEffects: [{ test: /\/libs\/contracts\//, sideEffects: false }] },
    },
  },
  server: api
    ? // Cookies are checked against the public origin, so the proxy speaks as that origin.
      { proxy: { '/api': { target: api, changeOrigin: true, headers: { origin: new URL(api).origin } } } }
    : {},
  test: {
    environment: 'happy-dom',
    environmentOptions: { happyDOM: { url: 'http://localhost/' } },
    include: ['src/**/*.spec.ts'],
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      exclude: ['src/**/*.spec.ts', 'src/**/*.fixture.ts', 'src/main.ts', 'src/router.ts', 'src/env.d.ts'],
      reporter: ['text-summary', 'json-summary'],
      thresholds: { lines: 80, 'src/stores/**': { lines: 90 } },
    },
  },
});
