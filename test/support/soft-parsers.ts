import { parquetWriteBuffer } from 'hyparquet-writer';
import { makeDataset, select } from 'wasm-distill';
import { samplesSha256 } from 'wasm-distill/data';
import { encodeNpy, encodeNpz, encodeSafetensors, encodeSoftTargets } from 'wasm-distill/formats';
import { storedTeacher } from 'wasm-distill/objectives';
import { bind } from '../../cli/soft/bind.ts';
import { parquetOf } from '../../cli/soft/parquet.ts';
import { parseSoft } from '../../cli/soft/soft-file.ts';
import { utf8 } from './faults.js';
import type { Parser } from './parsers.js';

const classNames = ['ash', 'birch', 'cedar'];
const keys = ['3', '2', '1', '0'];
const whole = makeDataset({
  inputs: { shape: [1], values: Uint8Array.of(10, 11, 12, 13) },
  labels: [0, 1, 2, 1],
  classes: 3,
});
/** Four rows, of which one was split off. */
const rows = {
  whole,
  parts: [
    { data: select(whole, [0, 2, 3]), rows: [0, 2, 3] },
    { data: select(whole, [1]), rows: [1] },
  ],
  ids: keys,
};

/** All that happens to a file of --soft before a student learns from it: read, bound to its samples, checked. */
async function teach(bytes: Uint8Array, file: string, id?: string): Promise<void> {
  const soft = await parseSoft(bytes, file, { id, classNames });
  const { data, values } = await bind(file, soft, rows);
  const { kind, temperature, classNames: names } = soft;
  await storedTeacher(data, values, {
    name: file,
    ...(kind && { kind }),
    ...(temperature !== undefined && { temperature }),
    ...(names && { classNames: names }),
  });
}

const values = Float32Array.of(0.5, 0.25, 0.25, 0, 1, 0, 0.125, 0.125, 0.75, 1, 0, 0);
const array = { shape: [4, 3], data: values };
const numbers = { shape: [4], data: BigInt64Array.of(3n, 2n, 1n, 0n) };
const bytes = new Uint8Array(values.buffer);
const tensor = (name: string) => ({ name, dtype: 'F32' as const, shape: [4, 3], bytes });
const outputs = {
  question: { what: 'probabilities', temperature: 2 },
  ...{ values, data: { size: 4, classes: 3 }, transferSet: '', teachers: [] },
} as const;
const parquet = (id?: string) =>
  new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        ...classNames.map((name, c) => ({
          ...{ name, data: [0, 1, 2, 3].map((row) => values[3 * row + c]!), type: 'DOUBLE' as const },
        })),
        ...(id === undefined ? [] : [{ name: id, data: keys, type: 'STRING' as const }]),
      ],
    }),
  );

/** Files of outputs, and of outputs with ids. */
export async function softParsers(): Promise<Readonly<Record<string, Parser>>> {
  const transferSet = await samplesSha256(whole);
  const metadata = { temperature: '2', classNames: JSON.stringify(classNames) };
  const own = await parquetOf(outputs, { ...metadata, format: 'wasm-distill soft targets', transferSet });
  const soft = encodeSoftTargets({
    ...{ temperature: 2, classes: 3, augment: [], probabilities: values, teachers: ['d'.repeat(64)] },
    transferSet,
  });
  const numbered = {
    ...{ name: 'key', dtype: 'I64' as const, shape: [4], bytes: new Uint8Array(numbers.data.buffer) },
  };
  const parser = (name: string, valid: readonly Uint8Array[], id?: string): Record<string, Parser> => ({
    [`outputs in ${name}${id ? ' with ids' : ''}`]: {
      parse: (file) => teach(file, `x.${name}`, id),
      valid: () => valid,
    },
  });
  return {
    ...parser('npy', [encodeNpy(array)]),
    ...parser('npz', [
      encodeNpz({ probabilities: array, temperature: { shape: [], data: Float64Array.of(2) } }),
    ]),
    ...parser('npz', [encodeNpz({ logits: array, key: numbers })], 'key'),
    ...parser('safetensors', [soft, encodeSafetensors([tensor('probs')], metadata)]),
    ...parser(
      'safetensors',
      [encodeSafetensors([tensor('logits'), numbered], { classNames: metadata.classNames })],
      'key',
    ),
    ...parser('parquet', [own, parquet()]),
    ...parser('parquet', [parquet('key')], 'key'),
    ...parser('csv', [utf8(`key,ash,birch,cedar\n2,0.5,0.25,0.25\n0,1,0,0\n`)], 'key'),
    ...parser('jsonl', [utf8('{"key":"3","probs":[1,0,0]}\n{"key":1,"probs":[0,1,0]}\n')], 'key'),
  };
}
