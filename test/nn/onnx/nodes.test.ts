import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEngine, DistillError, type Engine, makeDataset } from 'wasm-distill';
import { importOnnx } from 'wasm-distill/formats';
import { joinFor, ruleFor } from '#library/nn/onnx/import/rules.js';
import { logitsOf } from '#library/teachers/logits.js';
import { asNetwork, CLASSES, mixer, type NodeTest, nodeTests, tensorIn } from '../../support/onnx-nodes.js';
import { imported, refused } from './node-list.js';

let engine: Engine;
let tests: NodeTest[];

beforeAll(async () => {
  engine = await createEngine({ threads: 1 });
  tests = await nodeTests((op) => ruleFor(op) !== undefined || joinFor(op) !== undefined);
}, 120_000);
afterAll(() => engine.close());

/** Images of ours, of what ONNX has channel by channel. */
function turned(values: Float32Array, [n, c, h, w]: readonly number[]): Float32Array {
  const pixels = h! * w!;
  return Float32Array.from(values, (_, i) => {
    const [sample, rest] = [Math.floor(i / (c! * pixels)), i % (c! * pixels)];
    return values[(sample * c! + (rest % c!)) * pixels + Math.floor(rest / c!)]!;
  }).subarray(0, n! * c! * pixels);
}

/** How far what the import computes is from what the test has, or why it can't be compared. */
async function outcome(one: NodeTest): Promise<number | string> {
  try {
    return await worstOf(one);
  } catch (error) {
    expect(error).toBeInstanceOf(DistillError);
    return (error as Error).message.replace(/^.*can't become layers: /, '').replace(/; known are .*$/, '');
  }
}

async function worstOf(one: NodeTest): Promise<number | string> {
  const model = importOnnx(asNetwork(one), one.name, { output: 'classes' });
  const { shape, values } = tensorIn(one.inputs[0]!);
  const { values: expected } = tensorIn(one.output);
  if (![...values, ...expected].every(Number.isFinite)) return 'the test is of numbers that are not finite';
  const images = shape.length === 4 ? turned(values, shape) : values;
  const inputs = { shape: model.architecture.input.shape, values: images };
  const labels = new Int32Array(shape[0]!);
  const logits = await logitsOf(engine, [model], makeDataset({ inputs, labels, classes: CLASSES }));
  const count = expected.length / shape[0]!;
  const weights = mixer(count);
  return logits.reduce((worst, logit, i) => {
    const [row, unit] = [Math.floor(i / CLASSES), i % CLASSES];
    let sum = 0;
    for (let k = 0; k < count; k++) sum += expected[row * count + k]! * weights[k * CLASSES + unit]!;
    return Math.max(worst, Math.abs(sum - logit) / (1 + Math.abs(sum)));
  }, 0);
}

test('each is imported and right, or refused for the reason in the list', async () => {
  const found: Record<string, number | string> = {};
  for (const one of tests) found[one.name] = await outcome(one);
  const names = Object.keys(found);
  expect(names.filter((name) => typeof found[name] === 'number')).toEqual(imported);
  const reasons = names.flatMap((name) => (typeof found[name] === 'string' ? [[name, found[name]]] : []));
  expect(Object.fromEntries(reasons)).toEqual(refused);
  // The runner's own sums are of up to 3,072 numbers; halves are rounded to 11 bits, which ours aren't.
  for (const name of imported)
    expect([name, Number(found[name]) < (name.includes('FLOAT16') ? 5e-4 : 2e-5)]).toEqual([name, true]);
}, 120_000);
