import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { cli, writeSmallMnist } from '../support/cli.ts';
import { temporaryFolder } from '../support/folder.ts';

let folder: string;
let train: string[];
let distill: string[];

beforeAll(async () => {
  folder = await temporaryFolder();
  await writeSmallMnist(folder, 200, 50);
  const small = ['--data', folder, '--epochs', '1', '--threads', '1'];
  train = ['train', ...small, '--hidden', '8'];
  distill = ['distill', ...small, '--teacher', '8', '--student', '6', '--teacher-epochs', '1'];
});

const into = (name: string) => ['--out', join(folder, name)];
const contents = (name: string) => readdir(join(folder, name)).then((names) => names.sort());

test('a finished run is replaced only if that is asked for', async () => {
  expect((await cli(...train, ...into('run'))).code).toBe(0);
  const before = await readFile(join(folder, 'run/model.safetensors'));
  const refused = await cli(...train, '--seed', '2', ...into('run'));
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toMatch(
    /^wasm-distill: .*run holds results of an earlier run \(report\.json\): give --force .*\n$/,
  );
  expect(await readFile(join(folder, 'run/model.safetensors'))).toEqual(before);
  const forced = await cli(...train, '--seed', '2', ...into('run'), '--force');
  expect(forced.code).toBe(0);
  expect(forced.stderr).toContain('the results of an earlier run in');
  expect(await readFile(join(folder, 'run/model.safetensors'))).not.toEqual(before);
});

test('nothing of the run before lies beside the new one', async () => {
  expect((await cli(...distill, '--teachers', '2', ...into('mixed'))).code).toBe(0);
  const mine = join(folder, 'mixed/best.safetensors');
  await writeFile(mine, await readFile(join(folder, 'mixed/teacher-2.safetensors')));
  expect((await cli(...train, ...into('mixed'), '--resume')).stderr).toContain('give --force');
  expect((await cli(...train, ...into('mixed'), '--force')).code).toBe(0);
  expect(await contents('mixed')).toEqual(['best.safetensors', 'model.safetensors', 'report.json']);
});

test("somebody else's model.safetensors is no run's to replace", async () => {
  await mkdir(join(folder, 'foreign'));
  await writeFile(join(folder, 'foreign/model.safetensors'), 'mine');
  expect((await cli(...train, ...into('foreign'))).stderr).toContain('(model.safetensors): give --force');
  expect(await readFile(join(folder, 'foreign/model.safetensors'), 'utf8')).toBe('mine');
});

test('--resume says what it makes anew, and drops the report of what was there', async () => {
  expect((await cli(...distill, '--teachers', '1', ...into('warm'))).code).toBe(0);
  const again = await cli(...distill, '--teachers', '1', ...into('warm'), '--resume', '--temperature', '3');
  expect(again.code).toBe(0);
  expect(again.stderr).toMatch(
    /student\.safetensors has other options or data \(.*temperature: 20 before, 3 now.*\): it is made anew/,
  );
  const report = JSON.parse(await readFile(join(folder, 'warm/report.json'), 'utf8'));
  expect(report.config.temperature).toBe(3);
});

test('--resume and --force together are refused', async () => {
  const { code, stderr } = await cli(...train, ...into('both'), '--resume', '--force');
  expect(code).toBe(2);
  expect(stderr).toContain('--resume and --force exclude each other');
});

test('soften and quantize replace their own kind of file, and others only if asked to', async () => {
  const model = join(folder, 'run/model.safetensors');
  const soften = ['soften', model, '--data', folder, '--threads', '1', '--out'];
  const other = join(folder, 'notes.txt');
  await writeFile(other, 'notes');
  expect((await cli(...soften, other)).stderr).toContain('is another kind of file');
  expect((await cli('quantize', model, '--data', folder, '--out', other)).stderr).toContain('another kind');
  expect(await readFile(other, 'utf8')).toBe('notes');
  expect((await cli(...soften, other, '--force')).code).toBe(0);
  expect((await cli(...soften, other)).stderr).toContain('notes.txt was there before, and is replaced');
});

test('a start that fails leaves no folder', async () => {
  const before = await readdir(folder);
  for (const args of [train, distill])
    expect((await cli(...args, '--limit', '999', ...into('none/at/all'))).code).toBe(1);
  expect(await readdir(folder)).toEqual(before);
});
