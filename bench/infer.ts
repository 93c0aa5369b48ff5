import { encodeInt8Model, encodeModel, type TrainedModel } from 'wasm-distill';
import { network } from 'wasm-distill/graph';
import { load } from 'wasm-distill/infer';
import type { Subject } from './measure.ts';
import type { Timing } from './peers/clock.mjs';
import { referenceOutputs, type Trainable, type Work } from './peers/work.mjs';
import { architectureOf, trainable, weightsOf } from './steps.ts';

/** Most that a probability may differ from the float64 reference's: rounding, and quantization of 8 bits. */
const TOLERANCE = { f32: 1e-4, int8: 0.05 };

/** wasm-distill/infer on a work: a call predicts its rows. Its probabilities have been checked. */
export async function studentSubject(work: Work): Promise<Subject & { run(): void }> {
  const { name, weights, batch } = trainable(work).config;
  const model = modelOf(trainable(work));
  const student = await load(weights === 'f32' ? encodeModel(model) : encodeInt8Model(model));
  const { x } = work.arrays;
  const { probabilities } = student.predictBatch(x, batch);
  check(
    name,
    probabilities,
    softmax(referenceOutputs(work), probabilities.length / batch),
    TOLERANCE[weights],
  );
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

function modelOf(work: Trainable): TrainedModel {
  const architecture = architectureOf(work.config);
  return { architecture, weights: weightsOf(work, network(architecture)) };
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
