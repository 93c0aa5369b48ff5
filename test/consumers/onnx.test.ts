import { rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, sep } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { CONVOLUTIONAL } from '../support/onnx-golden.ts';
import { serve, visit } from './page.ts';
import { run } from './processes.ts';
import { plain, tool, tools } from './projects.ts';

const node = process.execPath;
const vite = tool('vite/bin/vite.js');
const strict = {
  'Content-Security-Policy':
    "default-src 'none'; connect-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'",
};
const answered = { sha256: CONVOLUTIONAL, runtime: 'onnxruntime-web' };

const inNode = async () => JSON.parse(await run(join(plain, 'node'), node, 'onnx.js'));

/** The built page of a project. */
async function built() {
  const folder = join(tools, 'onnx-vite');
  await run(folder, node, vite, 'build');
  return visit(await serve([join(folder, 'dist')], strict));
}

const page = async () =>
  visit(await serve([join(plain, 'onnx-page'), join(plain, 'onnx-page/public'), plain], {}));

describe('without onnxruntime-web', () => {
  test('Node says what to install', async () => {
    expect(await inNode()).toEqual({
      code: 'missing',
      message: expect.stringContaining(': npm install onnxruntime-web@1.30.0'),
    });
  });

  test('a page builds, and says the same', async () => {
    expect(await built()).toEqual({
      code: 'missing',
      message: expect.stringContaining(': npm install onnxruntime-web@1.30.0'),
    });
  });
});

describe('with onnxruntime-web, the same bits', () => {
  const installed = createRequire(import.meta.url).resolve('onnxruntime-web');
  const folder = installed.slice(0, installed.lastIndexOf(`${sep}dist${sep}`));
  const links = [plain, tools].map((project) => join(project, 'node_modules/onnxruntime-web'));
  const link = async () => {
    for (const path of links) await symlink(folder, path, 'junction').catch(() => undefined);
  };
  afterAll(async () => {
    for (const path of links) await rm(path, { force: true });
  });

  test('in Node', async () => {
    await link();
    expect(await inNode()).toEqual(answered);
  });

  test('in a page that Vite has built, under a Content-Security-Policy', async () => {
    await link();
    expect(await built()).toEqual(answered);
  });

  test('in a page without tools, which gives its address', async () => {
    await link();
    expect(await page()).toEqual(answered);
  });
});
