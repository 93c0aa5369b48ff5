import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { expect, test } from 'vitest';
import { type Architecture, encodeInt8Model, encodeModel } from 'wasm-distill';
import { load } from 'wasm-distill/infer';
import { launchChromium } from '../support/chromium.ts';
import { temporaryFolder } from '../support/folder.ts';
import { randomlyTrained, randomModel } from '../support/models.ts';
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

/** Convolutions of several kinds, and what joins them. */
const images: Architecture = {
  input: { shape: [9, 8, 3] },
  layers: [
    { conv: 12 },
    { relu: true },
    { concat: [[{ conv: 7, stride: 1, dilation: 2 }], [{ deconv: 5 }], [{ pool: 3, stride: 1, pad: 1 }]] },
    { sum: [[{ depthwise: 3 }, { tanh: true }, { conv: 24 }], []] },
    { relu: true },
    { gap: true },
    { dense: 10 },
  ],
};

test('in a page that is not isolated and in a Worker, under a policy without eval: the bits of Node', async () => {
  const folder = await temporaryFolder();
  await bundle('index.html', folder);
  const models = [randomModel([50, 33, 10]), randomlyTrained(images)];
  for (const bytes of models.flatMap((model) => [encodeModel(model), encodeInt8Model(model)])) {
    const { inputs } = await load(bytes);
    const data = new Float32Array(2 * inputs).fill(1, inputs);
    const { labels, probabilities } = (await load(bytes)).predictBatch(data, 2);
    const expected = { sharedMemory: false, labels: [...labels], probabilities: [...probabilities] };
    expect(await attempt(folder, bytes, "'self' 'wasm-unsafe-eval'")).toEqual([expected, expected]);
  }
  const refused = { code: 'missing', message: expect.stringContaining("'wasm-unsafe-eval'") };
  expect(await attempt(folder, encodeModel(randomModel([5, 3])), "'self'")).toEqual([refused, refused]);
  const noFile = { code: 'bad-file', message: expect.stringContaining('/student.safetensors: ') };
  expect(await attempt(folder, new Uint8Array(5), "'self' 'wasm-unsafe-eval'")).toEqual([noFile, noFile]);
}, 120_000);
