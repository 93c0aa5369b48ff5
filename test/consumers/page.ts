import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { launchChromium } from '../support/chromium.ts';
import type { Outcome } from './apps/work.js';
import type { Server } from './processes.ts';

const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
};

/** Any static server: the files of some folders, the first that has one winning, all with the same headers. */
export async function serve(folders: string[], headers: Record<string, string>): Promise<Server> {
  const server = createServer(async ({ url }, response) => {
    const { pathname } = new URL(url!, 'http://host');
    const path = pathname.endsWith('/') ? `${pathname}index.html` : pathname;
    const content = await firstFile(folders.map((folder) => join(folder, path)));
    const type = types[extname(path)] ?? 'application/octet-stream';
    response.writeHead(content ? 200 : 404, { ...headers, 'Content-Type': type }).end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

async function firstFile(paths: string[]): Promise<Buffer | undefined> {
  for (const path of paths) {
    const content = await readFile(path).catch(() => undefined);
    if (content) return content;
  }
  return undefined;
}

/**
 * Opens a page in a fresh Chromium, and answers what it came to, or what error the work met. Then closes both.
 *
 * @throws Error with all that the console says, where there are other errors.
 */
export async function visit(server: Server, query = ''): Promise<Outcome | string> {
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    const said: string[] = [];
    page.on('console', (message) => said.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => said.push(`uncaught: ${error.stack}`));
    // A browser looks for an icon unasked, and none of the apps has one.
    await page.route('**/favicon.ico', (route) => route.fulfill({ status: 204 }));
    await page.goto(server.url + query);
    const result = await page
      .waitForFunction(() => (globalThis as { result?: Outcome | string }).result, undefined, {
        timeout: 30_000,
      })
      .then((handle) => handle.jsonValue())
      .catch((error: Error) => void said.push(`error: ${error.message}`));
    if (result && !said.some((line) => /^(error|uncaught):/.test(line))) return result;
    throw new Error([`The page came to ${JSON.stringify(result)}`, ...said].join('\n'));
  } finally {
    await browser.close();
    await server.close();
  }
}
