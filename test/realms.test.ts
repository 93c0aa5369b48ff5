import { readFile } from 'node:fs/promises';
import { createContext, runInContext } from 'node:vm';
import { expect, test } from 'vitest';
import { createEngine, decodeModel, encodeModel, evaluate, makeDataset, mlp, train } from 'wasm-distill';
import { decodeSafetensors, sha256 } from 'wasm-distill/formats';
import { load } from 'wasm-distill/infer';
import { randomModel } from './support/models.ts';

/** Built-ins of another realm, as those of an iframe or of jsdom: no instanceof knows them. */
const realm = createContext({});
const foreign = <T>(name: string, ...given: unknown[]): T =>
  runInContext(`(...given) => new ${name}(...given)`, realm)(...given) as T;

const model = randomModel([6, 5, 3]);
const file = encodeModel(model);

test('they are foreign', () => {
  expect(foreign('Uint8Array', 2) instanceof Uint8Array).toBe(false);
});

test('a student takes them', async () => {
  const here = (await load(file)).predict(new Float32Array(6).fill(0.5));
  const bytes = foreign<Uint8Array>('Uint8Array', file);
  const buffer = foreign<ArrayBuffer>('ArrayBuffer', file.length);
  new Uint8Array(buffer).set(file);
  const compiled = runInContext('(bytes) => new WebAssembly.Module(bytes)', realm) as (
    bytes: Uint8Array,
  ) => WebAssembly.Module;
  const module = compiled(await readFile('dist/infer/infer.wasm'));
  for (const student of [await load(bytes), await load(buffer, { module })]) {
    const given = foreign<Float32Array>('Float32Array', 6).fill(0.5);
    expect(student.predict(given)).toEqual(here);
    expect(() => student.predict(foreign('Float64Array', 6))).toThrow(/a Float64Array of 6/);
  }
  await expect(load(foreign('Map'))).rejects.toMatchObject({ code: 'bad-argument' });
});

test('models, data sets and training take them', async () => {
  const weights = foreign<Map<string, Float32Array>>(
    'Map',
    [...model.weights].map(([name, values]) => [name, foreign('Float32Array', values)]),
  );
  expect(encodeModel({ ...model, weights })).toEqual(file);
  const bytes = foreign<Uint8Array>('Uint8Array', file);
  expect(decodeModel(bytes, 'file').model.weights.size).toBe(model.weights.size);
  expect(decodeSafetensors(bytes, 'file').tensors.size).toBe(model.weights.size);
  expect(await sha256([bytes])).toBe(await sha256([file]));
  const made = (array: (name: string, length: number) => never) =>
    makeDataset({
      inputs: { shape: [6], values: (array('Float32Array', 60) as Float32Array).map((_, i) => i % 7) },
      labels: (array('Int32Array', 10) as Int32Array).map((_, i) => i % 3),
      classes: 3,
    });
  await using engine = await createEngine({ threads: 1 });
  const options = { architecture: mlp([6, 5, 3]), epochs: 1, seed: 1 };
  const data = made(foreign as never);
  const [theirs, ours] = [
    await train(engine, { ...options, data }),
    await train(engine, {
      ...options,
      data: made(((name: string, n: number) => new globalThis[name as 'Int32Array'](n)) as never),
    }),
  ];
  expect(encodeModel(theirs)).toEqual(encodeModel(ours));
  expect((await evaluate(engine, theirs, data)).size).toBe(10);
});
