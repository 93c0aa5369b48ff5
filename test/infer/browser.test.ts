import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { expect, test } from 'vitest';
import { encodeInt8Model, encodeModel } from 'wasm-distill';
import { load } from 'wasm-distill/infer';
import { launchChromium } from '../support/chromium.ts';
import { temporaryFolder } from '../support/folder.ts';
import { randomModel } from '../support/models.ts';
import { bundle } from './bundle.ts';

const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
};

/** Serves a folder and one student under a Content-Security-Policy. */
async function serve(folder: string, student: Uint8Array, scripts: string) {
  const policy = `default-src 'none'; connect-src 'self'; worker-src 'self'; script-src ${scripts}`;
  const server = createServer(async ({ url }, response) => {
    const path = url === '/' ? '/index.html' : url!;
    const content =
      path === '/student.safetensors' ? student : await readFile(join(folder, path)).catch(() => undefined);
    response.writeHead(content ? 200 : 404, {
      'Content-Type': types[extname(path)] ?? 'application/octet-stream',
      'Content-Security-Policy': policy,
    });
    response.end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** What came of it in the page and in its Worker. */
async function attempt(folder: string, student: Uint8Array, scripts: string): Promise<unknown> {
  const server = await serve(folder, student, scripts);
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await page.goto(server.url);
    await page.waitForFunction('globalThis.results');
    return await page.evaluate('globalThis.results');
  } finally {
    await browser.close();
    await server.close();
  }
}

test('in a page that is not isolated and in a Worker, under a policy without eval: the bits of Node', async () => {
  const folder = await temporaryFolder();
  await bundle('index.html', folder);
  for (const encode of [encodeModel, encodeInt8Model]) {
    const bytes = encode(randomModel([50, 33, 10]));
    const data = new Float32Array(100).fill(1, 50);
    const { labels, probabilities } = (await load(bytes)).predictBatch(data, 2);
    const expected = { sharedMemory: false, labels: [...labels], probabilities: [...probabilities] };
    expect(await attempt(folder, bytes, "'self' 'wasm-unsafe-eval'")).toEqual([expected, expected]);
  }
  const refused = { code: 'missing', message: expect.stringContaining("'wasm-unsafe-eval'") };
  expect(await attempt(folder, encodeModel(randomModel([5, 3])), "'self'")).toEqual([refused, refused]);
  const noFile = { code: 'bad-file', message: expect.stringContaining('/student.safetensors: ') };
  expect(await attempt(folder, new Uint8Array(5), "'self' 'wasm-unsafe-eval'")).toEqual([noFile, noFile]);
}, 120_000);
