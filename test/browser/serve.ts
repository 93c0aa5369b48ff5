import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { createServer, type InlineConfig } from 'vite';
import { isolationHeaders } from '../support/isolation.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const pages = fileURLToPath(new URL('./pages', import.meta.url));

/** Serves test/browser/pages, which may import the library (as built in dist) by its package name. */
export async function servePages(options: {
  isolated: boolean;
}): Promise<{ url: string; close(): Promise<void> }> {
  // Of its own, so that servers at work at the same time don't write into one another's cache.
  const cacheDir = `${repository}node_modules/.vite-test-${randomUUID()}`;
  const server = await createServer(configuration(cacheDir, options.isolated ? isolationHeaders : {}));
  const close = async () => {
    await server.close();
    await rm(cacheDir, { recursive: true, force: true });
  };
  try {
    await server.listen();
  } catch (error) {
    await close();
    throw error;
  }
  return { url: server.resolvedUrls!.local[0]!, close };
}

function configuration(cacheDir: string, headers: Record<string, string>): InlineConfig {
  return {
    configFile: false,
    envDir: false,
    publicDir: false,
    root: pages,
    cacheDir,
    // Not 'spa', which answers a missing file with index.html instead of 404.
    appType: 'mpa',
    logLevel: 'error',
    // Every module is served as it is: nothing is bundled first, so no bundling makes the page reload in a test.
    optimizeDeps: { noDiscovery: true, include: [] },
    server: {
      host: '127.0.0.1',
      port: 0,
      headers,
      hmr: false,
      watch: null,
      forwardConsole: false,
      fs: { allow: [repository] },
    },
  };
}
