import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', 'test/consumers/**'],
    setupFiles: ['test/support/equality.ts'],
    globalSetup: ['test/support/chromium.ts', 'test/support/webgpu.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // The built library runs as Node runs it for its users, not transformed by Vite.
    server: { deps: { external: [/\/dist\//] } },
    // Processes, not threads: the engine makes threads of its own.
    pool: 'forks',
    maxWorkers: 2,
  },
});
