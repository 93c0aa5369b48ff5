import { encodeInt8Model, encodeModel, mlp, type TrainedModel } from 'wasm-distill';
import { network } from 'wasm-distill/graph';
import { load } from 'wasm-distill/infer';
import type { Subject } from './measure.ts';
import type { Timing } from './peers/clock.mjs';
import { referenceOutputs, type Work } from './peers/work.mjs';

/** Most that a probability may differ from the float64 reference's: rounding, and quantization of 8 bits. */
const TOLERANCE = { f32: 1e-4, int8: 0.05 };

/** wasm-distill/infer on a work: a call predicts its rows. Its probabilities have been checked. */
export async function studentSubject(work: Work): Promise<Subject & { run(): void }> {
  const { name, weights, batch, layers } = work.config;
  const model = modelOf(work);
  const student = await load(weights === 'f32' ? encodeModel(model) : encodeInt8Model(model));
  const { x } = work.arrays;
  const { probabilities } = student.predictBatch(x, batch);
  check(name, probabilities, softmax(referenceOutputs(work), layers.at(-1)!), TOLERANCE[weights]);
  return { name, run: () => void student.predictBatch(x, batch) };
}

/** The same, timed as the peers are. */
export async function studentTiming(work: Work): Promise<Timing> {
  const { run } = await studentSubject(work);
  return {
    kind: work.config.kind,
    steps: 0,
    subject: {
      run: (n) => {
        for (let i = 0; i < n; i++) run();
      },
    },
  };
}

function modelOf({ config, arrays }: Work): TrainedModel {
  const architecture = mlp(config.layers);
  const values = arrays.layers.flatMap(({ w, b }) => [w, b]);
  const { parameters } = network(architecture);
  return { architecture, weights: new Map(parameters.map(({ name }, i) => [name, values[i]!])) };
}

/** Of each row of so many columns. */
function softmax(logits: Float64Array, columns: number): Float64Array {
  const exps = logits.map(Math.exp);
  for (let first = 0; first < exps.length; first += columns) {
    const row = exps.subarray(first, first + columns);
    const sum = row.reduce((all, each) => all + each, 0);
    row.forEach((e, i) => {
      row[i] = e / sum;
    });
  }
  return exps;
}

function check(what: string, got: Float32Array, expected: Float64Array, tolerance: number): void {
  got.forEach((p, i) => {
    if (!(Math.abs(p - expected[i]!) <= tolerance))
      throw new Error(`${what}: probability ${i} is ${p} instead of ${expected[i]}`);
  });
}
