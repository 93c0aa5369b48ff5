import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/consumers/*.test.ts'],
    globalSetup: ['test/support/chromium.ts', 'test/consumers/setup.ts'],
    testTimeout: 120_000,
    server: { deps: { external: [/\/dist\//] } },
    pool: 'forks',
    // Each test is a process with two threads, or several.
    maxWorkers: 1,
  },
});
