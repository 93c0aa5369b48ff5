import { fileURLToPath } from 'node:url';
import { preview } from 'vite';

const demo = fileURLToPath(new URL('../../demo', import.meta.url));

/** Serves the built demo as a static host would, with these headers on every answer. */
export async function serveDemo(
  headers: Record<string, string>,
): Promise<{ url: string; close(): Promise<void> }> {
  const server = await preview({
    configFile: false,
    root: demo,
    appType: 'mpa',
    logLevel: 'error',
    preview: { host: '127.0.0.1', port: 0, headers },
  });
  return { url: server.resolvedUrls!.local[0]!, close: () => server.close() };
}
