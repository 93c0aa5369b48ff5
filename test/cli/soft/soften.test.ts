import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { decodeNpy, decodeSafetensors, decodeSoftTargets, readNpz, readParquet } from 'wasm-distill/formats';
import { cli, start, writeSmallMnist } from '../../support/cli.ts';
import { temporaryFolder } from '../../support/folder.ts';

let folder: string;
let model: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  await writeSmallMnist(folder, 700, 100);
  const out = join(folder, 'train');
  const recipe = ['--hidden', '16', '--epochs', '1', '--threads', '1'];
  expect((await cli('train', '--data', folder, ...recipe, '--out', out)).code).toBe(0);
  model = join(out, 'model.safetensors');
});

async function soften(name: string, ...more: string[]): Promise<Buffer> {
  const out = join(folder, name);
  const { code, stderr } = await cli(
    'soften',
    model,
    '--data',
    folder,
    '--threads',
    '1',
    '--out',
    out,
    ...more,
  );
  expect([code, stderr]).toEqual([0, expect.not.stringContaining('wasm-distill:')]);
  expect(existsSync(`${out}.unfinished`)).toBe(false);
  return readFile(out);
}

test('the end of the name says what is written: the same numbers', async () => {
  const at = ['--temperature', '3'];
  const soft = decodeSoftTargets(await soften('soft.safetensors', ...at), 'soft');
  const npy = decodeNpy(await soften('soft.npy', ...at), 'npy');
  const npz = readNpz(await soften('soft.npz', ...at), 'npz');
  expect(npy.shape).toEqual([700, 10]);
  expect(npy.data).toEqual(soft.probabilities);
  expect(npz.get('probabilities')!()).toEqual(npy);
  const parquet = await readParquet([{ name: 'p', file: await soften('soft.parquet', ...at) }]);
  expect(parquet.columns.map(({ name }) => name)).toEqual(['probabilities']);
  expect(Float32Array.from(Array.from(parquet.columns[0]!.values).flat() as number[])).toEqual(
    soft.probabilities,
  );
  expect(npz.get('temperature')!()).toEqual({ shape: [], data: Float64Array.of(3) });
});

test('--logits writes logits', async () => {
  const { tensors, metadata } = decodeSafetensors(await soften('l.safetensors', '--logits'), 'l');
  expect(metadata).toMatchObject({ format: 'wasm-distill logits' });
  const { bytes, shape } = tensors.get('logits')!;
  expect(shape).toEqual([700, 10]);
  const npy = decodeNpy(await soften('l.npy', '--logits'), 'npy');
  expect(
    Buffer.from((npy.data as Float32Array).buffer, (npy.data as Float32Array).byteOffset, 28000),
  ).toEqual(Buffer.from(bytes));
});

test('arrays of NumPy are only replaced where that is asked for, and other ends are refused', async () => {
  await writeFile(join(folder, 'mine.npy'), 'mine');
  const out = join(folder, 'mine.npy');
  const refused = await cli('soften', model, '--data', folder, '--out', out);
  expect(refused.stderr).toMatch(/mine.npy is there already: give --force to replace it, or another --out/);
  await soften('mine.npy', '--force');
  const other = await cli('soften', model, '--data', folder, '--out', join(folder, 'soft.csv'));
  expect(other.stderr).toMatch(/--out must end with .safetensors, .npz, .npy, .parquet, not ".*soft.csv"/);
});

test('Ctrl-C keeps what is done, and the same command goes on to the same file', async () => {
  const out = join(folder, 'wide');
  const wide = ['--hidden', '2000', '--limit', '100', '--epochs', '1', '--threads', '1'];
  expect((await cli('train', ...wide, '--out', out)).code).toBe(0);
  const teacher = join(out, 'model.safetensors');
  const file = join(folder, 'cut.safetensors');
  const command = ['soften', teacher, '--threads', '1', '--temperature', '3', '--out'];
  const running = start(...command, file);
  while (!running.over && !existsSync(`${file}.unfinished`)) await setTimeout(20);
  running.kill('SIGINT');
  const { code, stderr } = await running.ended;
  expect(code).toBe(130);
  expect(stderr).toMatch(
    /of 60,000 samples are kept in .*cut.safetensors.unfinished: the same command goes on/,
  );
  const again = await cli(...command, file);
  expect(again.stderr).toMatch(/[\d,]+ of 60,000 samples were there already/);
  const few = join(folder, 'few.safetensors');
  expect((await cli(...command, few, '--limit', '300')).code).toBe(0);
  const [cut, first] = await Promise.all(
    [file, few].map(async (each) => decodeSoftTargets(await readFile(each), each).probabilities),
  );
  expect(cut).toHaveLength(600_000);
  expect(cut!.subarray(0, 3000)).toEqual(first);
  expect(existsSync(`${file}.unfinished`)).toBe(false);
}, 150_000);
