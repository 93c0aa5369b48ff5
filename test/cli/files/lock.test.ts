import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { lockFolder } from '../../../cli/files/lock.ts';
import { cli, start, writeSmallMnist } from '../../support/cli.ts';
import { temporaryFolder } from '../../support/folder.ts';

const LOCK = '.wasm-distill.lock';
let root: string;
let made = 0;

beforeAll(async () => {
  root = await temporaryFolder();
  await writeSmallMnist(root, 300, 50);
});

async function folder(): Promise<string> {
  const path = join(root, `folder ${++made}`);
  await mkdir(path);
  return path;
}

test('a second lock is refused with who has the first, until that is released', async () => {
  const path = await folder();
  const release = await lockFolder(path);
  expect(JSON.parse(await readFile(join(path, LOCK), 'utf8'))).toEqual({
    pid: process.pid,
    host: hostname(),
  });
  await expect(lockFolder(path)).rejects.toMatchObject({
    code: 'mismatch',
    message: expect.stringContaining(`${path} is in use by process ${process.pid} on ${hostname()}`),
  });
  await release();
  expect(existsSync(join(path, LOCK))).toBe(false);
  await (await lockFolder(path))();
});

test('the lock of a process that has gone is taken over', async () => {
  const path = await folder();
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  await writeFile(join(path, LOCK), JSON.stringify({ pid: child.pid, host: hostname() }));
  await (await lockFolder(path))();
});

test('one on another host holds as long as it is renewed', async () => {
  const path = await folder();
  const file = join(path, LOCK);
  await writeFile(file, JSON.stringify({ pid: 1, host: 'elsewhere' }));
  await expect(lockFolder(path)).rejects.toThrow(/process 1 on elsewhere/);
  const before = new Date(Date.now() - 120_000);
  await utimes(file, before, before);
  await (await lockFolder(path))();
});

test('what is no lock, left by a crash, holds nobody up', async () => {
  const path = await folder();
  const file = join(path, LOCK);
  await writeFile(file, '{"pid"');
  const before = new Date(Date.now() - 5000);
  await utimes(file, before, before);
  await (await lockFolder(path))();
});

test('one that a killed process had no time to write is taken over', async () => {
  const path = await folder();
  await writeFile(join(path, LOCK), '');
  await (await lockFolder(path))();
  expect(existsSync(join(path, LOCK))).toBe(false);
});

test('two runs in one folder: the second is told, the first loses nothing', async () => {
  const out = join(root, 'out');
  // It is to be still running when the second one looks, however long that takes to start.
  const args = [
    'train',
    '--data',
    root,
    '--hidden',
    '16',
    '--epochs',
    '4000',
    '--threads',
    '1',
    '--out',
    out,
  ];
  const first = start(...args);
  await first.said('model: epoch ');
  const second = await cli(...args);
  expect(second).toMatchObject({ code: 1, stdout: '' });
  expect(second.stderr).toMatch(
    /is in use by process \d+ on .*: wait until it ends, or give another --out\n$/,
  );
  first.kill('SIGINT');
  expect((await first.ended).code).toBe(130);
  expect((await readdir(out)).filter((name) => name.includes('checkpoint'))).toHaveLength(1);
  expect(existsSync(join(out, LOCK))).toBe(false);
});
