import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { numbersOf } from '#library/formats/onnx/numbers.js';
import { readOnnx } from '#library/formats/onnx/read.js';
import { readTensor } from '#library/formats/onnx/read-tensor.js';
import { aptGet, exists } from './apt.ts';
import { initializer, joined, lengthed, node, raw } from './onnx-bytes.js';

/** A test of ONNX's own for one operator: a model of one node, what comes in and what must come out. */
export interface NodeTest {
  readonly name: string;
  readonly model: Uint8Array;
  /** TensorProtos; all but the first are weights, shapes and the like. */
  readonly inputs: readonly Uint8Array[];
  readonly output: Uint8Array;
}

const INSTALLED = '/usr/share/libonnx-testdata';

/** Those tests of Debian's libonnx-testdata whose operator is wanted; it is unpacked where it isn't installed. */
export async function nodeTests(isWanted: (op: string) => boolean): Promise<NodeTest[]> {
  if (await exists(INSTALLED)) return readAll(INSTALLED, isWanted);
  const folder = await mkdtemp(join(tmpdir(), 'onnx-testdata-'));
  try {
    await unpack(folder);
    return await readAll(join(folder, INSTALLED), isWanted);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function unpack(folder: string): Promise<void> {
  const run = promisify(execFile);
  const download = () => run('apt-get', ['download', 'libonnx-testdata'], { cwd: folder });
  try {
    await download().catch(() => aptGet('update').then(download));
  } catch (cause) {
    throw new Error('libonnx-testdata is needed: install that package of Debian’s.', { cause });
  }
  const [file] = await readdir(folder);
  await run('dpkg', ['-x', join(folder, file!), folder]);
}

async function readAll(root: string, isWanted: (op: string) => boolean): Promise<NodeTest[]> {
  const folder = join(root, 'data/node');
  const tests: NodeTest[] = [];
  // Those expanded test functions made of other operators.
  for (const name of (await readdir(folder)).filter((each) => !each.endsWith('_expanded')).sort()) {
    const read = async (file: string) => new Uint8Array(await readFile(join(folder, name, file)));
    const model = await read('model.onnx');
    const [{ op, domain } = { op: '', domain: '' }, second] = readOnnx(model, name).graph.nodes;
    if (second || domain !== '' || !isWanted(op)) continue;
    const data = await readdir(join(folder, name, 'test_data_set_0'));
    const inputs: Uint8Array[] = [];
    for (let i = 0; data.includes(`input_${i}.pb`); i++)
      inputs.push(await read(`test_data_set_0/input_${i}.pb`));
    tests.push({ name, model, inputs, output: await read('test_data_set_0/output_0.pb') });
  }
  return tests;
}

/** How many classes a test's network has. */
export const CLASSES = 5;

/** A tensor as the tests have it. */
export function tensorIn(bytes: Uint8Array): { shape: readonly number[]; values: Float32Array } {
  const tensor = readTensor(bytes, 'a test');
  const { data } = numbersOf(tensor, 'a test');
  return { shape: tensor.shape, values: Float32Array.from(data as Float32Array, Number) };
}

/** Numbers by which every place of a row differs: [count, CLASSES]. */
export function mixer(count: number): Float32Array {
  return Float32Array.from({ length: count * CLASSES }, (_, i) => (((i + 1) * 7919) % 997) / 997 - 0.5);
}

/**
 * The test as a network: what are inputs but the first become initializers, and the output, as a row, is multiplied by
 * the mixer, so that there are classes. Fields of a second graph behind the file.
 */
export function asNetwork({ model, inputs, output }: NodeTest): Uint8Array {
  const { graph } = readOnnx(model, 'a test');
  const { shape, values } = tensorIn(output);
  const count = values.length / (shape[0] ?? 1);
  // The files of some tests call their tensors otherwise, or nothing: the last name counts.
  const initializers = inputs
    .slice(1)
    .flatMap((bytes, i) => lengthed(5, [bytes, ...lengthed(8, graph.inputs[i + 1]!.name)]));
  return joined([
    model,
    ...lengthed(7, [
      ...initializers,
      ...node('Flatten', [graph.outputs[0]!.name], ['row']),
      ...node('MatMul', ['row', 'mixer'], ['classes']),
      ...initializer('mixer', 1, [count, CLASSES], raw(mixer(count))),
      ...lengthed(12, lengthed(1, 'classes')),
    ]),
  ]);
}
