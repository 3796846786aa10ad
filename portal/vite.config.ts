import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

const EXCHANGE = process.env.CENTRALE ?? 'http://127.0.0.1:8000'

// The exchange serves what is built here; while developing, `npm run dev` passes API calls on to a running exchange.
export default defineConfig({
  plugins: [react()],
  build: {
    outDir: process.env.PORTAL_OUT ?? '../src/centrale/portal_files',
    emptyOutDir: true,
    manifest: 'manifest.json', // what comes along with what: tools/portal.py adds up the first page
    target: 'es2022',
    // Small pictures as data: addresses would need a hole in the Content-Security-Policy.
    assetsInlineLimit: 0,
  },
  server: { proxy: Object.fromEntries(['/api', '/healthz', '/metrics'].map((path) => [path, EXCHANGE])) },
  test: {
    globals: true,
    // A form with everything in it takes seconds where several programs share the machine.
    testTimeout: 60_000,
    projects: [
      // Decisions, without a browser; a file that needs one says so in its first line.
      { extends: true, test: { name: 'decisions', include: ['src/**/*.test.ts'], environment: 'node', isolate: false } },
      {
        extends: true,
        test: {
          name: 'components',
          include: ['src/**/*.test.tsx'],
          environment: 'happy-dom',
          setupFiles: ['src/test-setup.ts'],
        },
      },
    ],
  },
})
