import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { encodeInt8Model, encodeModel, DistillError as LibraryError } from 'wasm-distill';
import { decodeSafetensors, encodeSafetensors, type NamedTensor } from 'wasm-distill/formats';
import { DistillError, type LoadOptions, load } from 'wasm-distill/infer';
import { temporaryFolder } from '../support/folder.ts';
import { randomModel } from '../support/models.ts';

const wasmPath = 'dist/infer/infer.wasm';
const bytes = encodeModel(randomModel([4, 3, 2]));
const input = new Float32Array([0, 0.25, 0.5, 1]);

/** Serves the student and the wasm at /student and /wasm. */
async function withServer<T>(use: (url: string) => Promise<T>): Promise<T> {
  const wasm = await readFile(wasmPath);
  const server = createServer(({ url }, response) => {
    const content = { '/student': bytes, '/wasm': wasm }[url!];
    response.writeHead(content ? 200 : 404).end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

test('a student comes from bytes, a path or an address, and the module too', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'a student: 100%.safetensors');
  await writeFile(path, bytes);
  const unaligned = new Uint8Array(bytes.length + 1).subarray(1);
  unaligned.set(bytes);
  const wasm = new Uint8Array(await readFile(wasmPath));
  const expected = (await load(bytes)).predict(input);
  await withServer(async (url) => {
    const sources = [
      bytes.buffer as ArrayBuffer,
      unaligned,
      Buffer.from(bytes),
      path,
      pathToFileURL(path),
      pathToFileURL(path).href,
      new URL(`${url}/student`),
      `${url}/student`,
    ];
    for (const source of sources) expect((await load(source)).predict(input)).toEqual(expected);
    const modules = [await WebAssembly.compile(wasm), wasm, wasm.buffer, wasmPath, `${url}/wasm`];
    for (const module of modules) expect((await load(bytes, { module })).predict(input)).toEqual(expected);
  });
});

test('a module serves many students, each with a memory of its own', async () => {
  const module = await WebAssembly.compile(await readFile(wasmPath));
  const one = await load(bytes, { module });
  const before = one.predict(input);
  const other = await load(encodeInt8Model(randomModel([4, 3, 2], 2)), { module });
  expect(other.predict(input)).not.toEqual(before);
  expect(one.predict(input)).toEqual(before);
});

type Change = (tensors: Map<string, NamedTensor>, metadata: Record<string, string>) => void;

/** The student's file with something changed. */
function changed(change: Change, file: Uint8Array = bytes): Uint8Array {
  const { tensors, metadata } = decodeSafetensors(file.slice(), 'test');
  change(tensors, metadata);
  return encodeSafetensors([...tensors.values()], metadata);
}

const int8 = encodeInt8Model(randomModel([4, 3, 2]));
const nan = new Uint8Array(new Float32Array([Number.NaN]).buffer);

test.each<[string, Uint8Array, RegExp]>([
  ['an empty file', new Uint8Array(0), /the student: the file has 0 bytes/],
  ['garbage', new Uint8Array(1000).fill(77), /the student: .*header/],
  ['a file cut short', bytes.slice(0, -1), /cut short/],
  ['a file cut in its header', bytes.slice(0, 50), /header should have/],
  ['safetensors of others', changed((_, metadata) => delete metadata.architecture), /isn't a model/],
  ['another kind of model', withArchitecture('{"kind":"cnn","layers":[4,3,2]}'), /has no "kind"/],
  ['an architecture that is no JSON', withArchitecture('mlp'), /can't be read: mlp/],
  ['an architecture of null', withArchitecture('null'), /must be an object, not null/],
  ['other layers', withLayers({ name: 'logits', dense: 2 }), /logits.weight should be .*\[4,2\]/],
  ['absurd layers', withLayers({ name: 'logits', dense: 9999999 }), /logits.weight should be/],
  ['layers that are unknown', withLayers({ conv3d: 3 }, { dense: 2 }), /layer 0 must be one of conv, deconv/],
  [
    'weights that are absent',
    withLayers({ relu: true }, { dense: 2 }),
    /1.weight should be .* but is absent/,
  ],
  ['no layer with weights', withLayers({ flatten: true }), /no layer with weights/],
  ['a layer that is absent', changed((tensors) => tensors.delete('logits.bias')), /logits.bias .* absent/],
  ['a weight that is NaN', changed((tensors) => tensors.get('logits.weight')!.bytes.set(nan, 8)), /NaN/],
  ['another dtype', changed((tensors) => toI32(tensors.get('logits.weight')!)), /I32 where F32/],
  [
    '8 bits without scales',
    changed((tensors) => tensors.delete('layer1.dense.scale'), int8),
    /layer1.dense.scale .* absent/,
  ],
  ['a scale that is NaN', changed((tensors) => tensors.get('logits.scale')!.bytes.set(nan), int8), /NaN/],
  ['−128', changed((tensors) => tensors.get('logits.weight')!.bytes.fill(128), int8), /holds −128/],
])('%s is refused', async (_, file, message) => {
  const error = await failure(() => load(file));
  expect(error).toMatchObject({ code: 'bad-file', message: expect.stringMatching(message) });
});

function withArchitecture(text: string): Uint8Array {
  return changed((_, metadata) => {
    metadata.architecture = text;
  });
}

function withLayers(...layers: object[]): Uint8Array {
  return withArchitecture(JSON.stringify({ input: { shape: [4] }, layers }));
}

function toI32(tensor: NamedTensor): void {
  tensor.dtype = 'I32';
}

test('8-bit layers with more inputs than sums have room for are refused', async () => {
  const wide = encodeInt8Model(randomModel([65_537, 1]));
  expect(await failure(() => load(wide))).toMatchObject({
    code: 'bad-file',
    message: expect.stringContaining('65537 inputs'),
  });
  expect(
    (await load(encodeInt8Model(randomModel([65_536, 1])))).predict(new Float32Array(65_536)).label,
  ).toBe(0);
});

test('what is not there is told with its name', async () => {
  const folder = await temporaryFolder();
  await withServer(async (url) => {
    const cases: [string | URL, string][] = [
      [join(folder, 'none'), 'there is no file'],
      [pathToFileURL(join(folder, 'none')), 'there is no file'],
      [folder, "can't be read (illegal operation on a directory)"],
      ['a\0b', "can't be read"],
      [`${url}/none`, 'the answer is 404'],
      ['http://127.0.0.1:1/', "can't be fetched"],
      ['http://', "can't be fetched"],
    ];
    for (const [source, message] of cases) {
      const error = await failure(() => load(source));
      expect(error).toMatchObject({ code: 'missing', message: expect.stringContaining(message) });
      expect((error as Error).message).toContain(String(source));
    }
  });
});

test('sources and modules of another kind are refused', async () => {
  for (const source of [undefined, null, 5, {}, [1, 2]]) {
    expect(await failure(() => load(source as unknown as string))).toMatchObject({ code: 'bad-argument' });
  }
  const other = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);
  const cases: [LoadOptions['module'], string][] = [
    [other, 'mismatch'],
    [await WebAssembly.compile(other), 'mismatch'],
    [await WebAssembly.compile(await readFile('dist/backends/wasm/kernels.wasm')), 'mismatch'],
    [bytes, 'missing'],
    ['nowhere.wasm', 'missing'],
  ];
  for (const [module, code] of cases) {
    expect(await failure(() => load(bytes, { module }))).toMatchObject({ code });
  }
});

test('inputs that are none are refused, and the next is answered', async () => {
  const student = await load(bytes);
  const threeInputs = await load(encodeModel(randomModel([3, 5, 2])));
  const badAt = (i: number, length: number) => new Float32Array(length).fill(-Infinity, i, i + 1);
  const expected = student.predict(input);
  const bad: [() => unknown, string][] = [
    [() => student.predict(new Float32Array(3)), "3 numbers aren't 1 × 4"],
    [() => student.predict(new Float32Array(0)), "0 numbers aren't 1 × 4"],
    [() => student.predict(new Uint8Array(5)), "5 numbers aren't 1 × 4"],
    [() => student.predict(new Int8Array(4) as never), "an Int8Array of 4 isn't 1 × 4"],
    [() => student.predict([0, 0, 0, 0] as never), 'Array'],
    [() => student.predict(undefined as never), "undefined isn't 1 × 4"],
    [() => student.predict(new Float32Array([0, 0, Number.NaN, 0])), 'number 2 of input 0 is NaN'],
    [() => student.predictBatch(new Float32Array(8).fill(Infinity, 5), 2), 'number 1 of input 1 is Infinity'],
    [() => student.predictBatch(badAt(1203, 1300), 325), 'number 3 of input 300 is -Infinity'],
    [() => threeInputs.predictBatch(badAt(389, 390), 130), 'number 2 of input 129 is -Infinity'],
    [() => student.predictBatch(new Float32Array(8), 3), "8 numbers aren't 3 × 4"],
    [() => student.predictBatch(new Float32Array(8), -2), '-2'],
    [() => student.predictBatch(new Float32Array(8), 2.5), '2.5'],
    [() => student.predictBatch(new Float32Array(8), Number.NaN), 'NaN'],
    [() => student.predictBatch(new Float32Array(8), undefined as never), 'undefined'],
  ];
  for (const [use, message] of bad) {
    expect(await failure(use)).toMatchObject({
      code: 'bad-argument',
      message: expect.stringContaining(message),
    });
    expect(student.predict(input)).toEqual(expected);
  }
});

test.each([encodeModel, encodeInt8Model])('what overflows is no result: %o', async (encode) => {
  const model = randomModel([4, 3, 2]);
  // Infinite after the first layer, or −3e38 to 3e38, which is no range that f32 can hold.
  model.weights.get('layer1.dense.weight')!.fill(1);
  const student = await load(encode(model));
  for (const x of [
    [3e38, 3e38, 3e38, 3e38],
    [3e38, 3e38, -3e38, 3e38],
  ]) {
    expect(await failure(() => student.predict(Float32Array.from(x)))).toMatchObject({
      code: 'diverged',
      message: expect.stringContaining('for input 0'),
    });
  }
});

test("errors are the library's", async () => {
  expect(DistillError).toBe(LibraryError);
});

async function failure(use: () => unknown): Promise<unknown> {
  try {
    await use();
  } catch (error) {
    if (error instanceof DistillError) return error;
    throw error;
  }
  return 'no error';
}
