import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { newerNode } from '../newer-node.ts';
import { type Outcome, work } from './apps/work.js';
import { isolation, serve, visit } from './page.ts';
import { run, startServer } from './processes.ts';

const { plain, tools } = inject('projects');
const node = process.execPath;
const tool = (path: string) => join(tools, 'node_modules', path);
const policy =
  "default-src 'none'; connect-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'";

/** What the work comes to with the library of this repository, on two threads. */
let expected: Outcome;

beforeAll(async () => {
  expected = await work(await readFile(join(plain, 'node/public/student.safetensors')));
  expect(expected.threads).toBe(2);
});

describe('without a bundler, and without a process that stays', () => {
  const app = join(plain, 'node');
  const outcome = async (program: string, ...args: string[]) =>
    JSON.parse(await run(app, program, ...args)) as unknown;

  test('Node', async () => {
    expect(await outcome(node, 'main.js')).toEqual(expected);
  });

  test('require, in a Node that has it for modules', async () => {
    expect(await outcome(await newerNode(), 'main.cjs')).toEqual(expected);
  });

  test('Deno', async () => {
    expect(await outcome(tool('@deno/linux-x64-glibc/deno'), 'run', '--allow-all', 'main.js')).toEqual(
      expected,
    );
  });

  test('Bun', async () => {
    expect(await outcome(tool('@oven/bun-linux-x64/bin/bun'), 'main.js')).toEqual(expected);
  });
});

describe('in a page', () => {
  test('with an import map, isolated', async () => {
    expect(
      await visit(await serve([join(plain, 'page'), join(plain, 'page/public'), plain], isolation)),
    ).toEqual(expected);
  });

  test('with an import map, from a server that sets no headers', async () => {
    expect(await visit(await serve([join(plain, 'page'), join(plain, 'page/public'), plain], {}))).toEqual({
      ...expected,
      threads: 1,
    });
  });

  test('of Vite, while it is developed', async () => {
    const app = join(tools, 'vite');
    const server = await startServer(
      app,
      node,
      tool('vite/bin/vite.js'),
      '--host',
      '127.0.0.1',
      '--port',
      '0',
    );
    expect(await visit(server)).toEqual(expected);
  });

  test('of Vite, built, under a Content-Security-Policy', async () => {
    const app = join(tools, 'vite');
    await run(app, node, tool('vite/bin/vite.js'), 'build');
    const server = await serve([join(app, 'dist')], { ...isolation, 'Content-Security-Policy': policy });
    expect(await visit(server)).toEqual(expected);
  });

  test('of webpack, under a Content-Security-Policy', async () => {
    const app = join(tools, 'webpack');
    await run(app, node, tool('webpack-cli/bin/cli.js'), '--mode', 'production');
    const server = await serve([app, join(app, 'public')], {
      ...isolation,
      'Content-Security-Policy': policy,
    });
    expect(await visit(server)).toEqual(expected);
  });

  test('of Next, and its server runs the student', async () => {
    const app = join(tools, 'next');
    await run(app, node, tool('next/dist/bin/next'), 'build');
    const server = await startServer(
      app,
      node,
      tool('next/dist/bin/next'),
      'start',
      '-H',
      '127.0.0.1',
      '-p',
      '0',
    );
    const { label, probabilities } = expected;
    expect(await (await fetch(`${server.url}answer`)).json()).toEqual({ label, probabilities });
    expect(await visit(server)).toEqual(expected);
  });
});
