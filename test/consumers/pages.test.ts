import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isolationHeaders } from '../support/isolation.ts';
import { serve, visit } from './page.ts';
import { run, startServer } from './processes.ts';
import { expectedOutcome, plain, tool, tools } from './projects.ts';

const node = process.execPath;
const vite = tool('vite/bin/vite.js');
const webpack = tool('webpack-cli/bin/cli.js');
const next = tool('next/dist/bin/next');
const strict = {
  ...isolationHeaders,
  'Content-Security-Policy':
    "default-src 'none'; connect-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'",
};
const app = (folder: string, name: string) => [join(folder, name), join(folder, name, 'public'), folder];

describe('with an import map, no tool, and any server', () => {
  test('isolated', async () => {
    expect(await visit(await serve(app(plain, 'page'), isolationHeaders))).toEqual(await expectedOutcome());
  });

  test('not isolated: one thread, the same bits', async () => {
    const expected = { ...(await expectedOutcome()), threads: 1 };
    expect(await visit(await serve(app(plain, 'page'), {}))).toEqual(expected);
  });

  test('with the library from another origin', async () => {
    const others = await serve([join(plain, 'node_modules/wasm-distill')], {
      'Access-Control-Allow-Origin': '*',
      'Cross-Origin-Resource-Policy': 'cross-origin',
    });
    const library = `library=${others.url.replace(/\/$/, '')}`;
    try {
      const refused = await visit(await serve(app(plain, 'elsewhere'), isolationHeaders), `?${library}`);
      expect(refused).toMatch(/^DistillError: a thread can't be started .* give options\.worker/);
      const page = await serve(app(plain, 'elsewhere'), isolationHeaders);
      expect(await visit(page, `?own&${library}`)).toEqual(await expectedOutcome());
    } finally {
      await others.close();
    }
  });
});

describe('Vite', () => {
  const folder = join(tools, 'vite');

  test('developing', async () => {
    const server = await startServer(folder, node, vite, '--host', '127.0.0.1', '--port', '0');
    expect(await visit(server)).toEqual(await expectedOutcome());
  });

  test('built, under a Content-Security-Policy', async () => {
    await run(folder, node, vite, 'build');
    expect(await visit(await serve([join(folder, 'dist')], strict))).toEqual(await expectedOutcome());
  });
});

test.each(['development', 'production'])('webpack, %s', async (mode) => {
  const folder = join(tools, 'webpack');
  // Under a Content-Security-Policy, which webpack's own eval in development would break.
  const headers = mode === 'production' ? strict : isolationHeaders;
  await run(folder, node, webpack, '--mode', mode);
  expect(await visit(await serve(app(tools, 'webpack'), headers))).toEqual(await expectedOutcome());
});

describe('Next', () => {
  const folder = join(tools, 'next');
  const serveBy = (command: string) => startServer(folder, node, next, command, '-H', '127.0.0.1', '-p', '0');

  test('developing', async () => {
    expect(await visit(await serveBy('dev'))).toEqual(await expectedOutcome());
  });

  test('built, and its server does the same', async () => {
    await run(folder, node, next, 'build');
    const server = await serveBy('start');
    const expected = await expectedOutcome();
    expect(await (await fetch(`${server.url}answer`)).json()).toEqual(expected);
    expect(await visit(server)).toEqual(expected);
  });
});
